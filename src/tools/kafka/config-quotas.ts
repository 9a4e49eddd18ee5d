/** Quotas of users, clients and addresses, and SCRAM credentials, for `kafka-configs`. */
import { DescribeClientQuotas } from '../../protocol/apis/48-describe-client-quotas.ts';
import { AlterClientQuotas } from '../../protocol/apis/49-alter-client-quotas.ts';
import { DescribeUserScramCredentials } from '../../protocol/apis/50-describe-user-scram-credentials.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Changes, Entity } from './configs.ts';
import { PlainError, refuse } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

const EXACT = 0;
const DEFAULT = 1;
const ANY = 2;
const TITLES: Readonly<Record<string, string>> = { user: 'user-principal', 'client-id': 'client-id', ip: 'ip' };
const MECHANISMS: readonly string[] = ['UNKNOWN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** As the protocol calls it. */
function wireType({ type }: Entity): string {
  return type === 'users' ? 'user' : type === 'clients' ? 'client-id' : 'ip';
}

export function* describeQuotas(call: ToolCall, entities: readonly Entity[]): Steps<void> {
  const body = DescribeClientQuotas.request.make({
    components: entities.map((entity) => ({
      entityType: wireType(entity),
      matchType: entity.name === undefined ? ANY : entity.name === null ? DEFAULT : EXACT,
      match: entity.name ?? null,
    })),
    strict: true,
  });
  const response = yield* ask(call.admin, DescribeClientQuotas, body, { kind: 'any' });
  refuse(response.errorCode, response.errorMessage);
  for (const { entity, values } of response.entries ?? []) {
    const parts = [...entity]
      .sort((one, other) => (one.entityType < other.entityType ? 1 : -1))
      .map(({ entityType, entityName }) => {
        const title = TITLES[entityType] ?? entityType;
        return entityName === null ? `the default ${title}` : `${title} '${entityName}'`;
      });
    const quotas = values.map(({ key, value }) => `${key}=${Number.isInteger(value) ? value.toFixed(1) : value}`);
    call.print(`Quota configs for ${parts.join(', ')} are ${quotas.join(', ')}`);
  }
  const [{ type, name }] = entities as readonly [Entity];
  if (entities.length === 1 && type === 'users' && name !== null) yield* describeCredentials(call, name);
}

function* describeCredentials({ admin, print }: ToolCall, user: string | undefined): Steps<void> {
  const body = DescribeUserScramCredentials.request.make({ users: user === undefined ? null : [{ name: user }] });
  const response = yield* ask(admin, DescribeUserScramCredentials, body, { kind: 'any' });
  refuse(response.errorCode, response.errorMessage);
  for (const result of response.results) {
    if (result.errorCode === ErrorCode.RESOURCE_NOT_FOUND) continue;
    refuse(result.errorCode, result.errorMessage);
    const infos = result.credentialInfos.map(
      ({ mechanism, iterations }) => `${MECHANISMS[mechanism]}=iterations=${iterations}`,
    );
    print(`SCRAM credential configs for user-principal '${result.user}' are ${infos.join(', ')}`);
  }
}

export function* alterQuotas({ admin }: ToolCall, entities: readonly Entity[], { set, remove }: Changes): Steps<void> {
  if (set.some(([name]) => MECHANISMS.includes(name)))
    throw new PlainError(
      'SCRAM credentials are made when the cluster starts: kzsim up --sasl SCRAM-SHA-256:USER:PASSWORD',
    );
  const body = AlterClientQuotas.request.make({
    entries: [
      {
        entity: entities.map((entity) => ({ entityType: wireType(entity), entityName: entity.name ?? null })),
        ops: [
          ...set.map(([key, value]) => ({ key, value: quotaOf(key, value), remove: false })),
          ...remove.map((key) => ({ key, value: 0, remove: true })),
        ],
      },
    ],
  });
  const { entries } = yield* ask(admin, AlterClientQuotas, body, { kind: 'controller' });
  for (const { errorCode, errorMessage } of entries) refuse(errorCode, errorMessage);
}

function quotaOf(key: string, value: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(value))
    throw new PlainError(`Cannot parse quota configuration value for ${key}: ${value}`);
  return Number(value);
}

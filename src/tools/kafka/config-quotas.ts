/** Quotas of users, clients and addresses, for `kafka-configs`. */
import { DescribeClientQuotas } from '../../protocol/apis/48-describe-client-quotas.ts';
import { AlterClientQuotas } from '../../protocol/apis/49-alter-client-quotas.ts';
import type { Entity } from './config-entities.ts';
import { alterCredentials, describeCredentials, isMechanism } from './config-scram.ts';
import type { Changes } from './configs.ts';
import { PlainError, refuse } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

const EXACT = 0;
const DEFAULT = 1;
const ANY = 2;
const TITLES: Readonly<Record<string, string>> = { user: 'user-principal', 'client-id': 'client-id', ip: 'ip' };
const QUOTAS: readonly string[] = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
];
const IP_QUOTAS: readonly string[] = ['connection_creation_rate'];

/** As the protocol calls it. */
function wireType({ type }: Entity): string {
  return type === 'users' ? 'user' : type === 'clients' ? 'client-id' : 'ip';
}

/** Defaults before the others, then by name. */
function rankOf(entity: readonly { readonly entityName: string | null }[]): string {
  return entity.map(({ entityName }) => (entityName === null ? '0' : `1${entityName}`)).join('/');
}

function* entriesOf(call: ToolCall, entities: readonly Entity[]) {
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
  return (response.entries ?? []).map(({ entity, values }) => ({
    entity: [...entity].sort((one, other) => (one.entityType < other.entityType ? 1 : -1)),
    values: [...values].sort((one, other) => (one.key < other.key ? -1 : 1)),
  }));
}

/** Names of the quotas that exactly these entities have. */
function* quotasOf(call: ToolCall, entities: readonly Entity[]): Steps<readonly string[]> {
  return (yield* entriesOf(call, entities)).flatMap(({ values }) => values.map(({ key }) => key));
}

export function* describeQuotas(call: ToolCall, entities: readonly Entity[]): Steps<void> {
  const entries = [...(yield* entriesOf(call, entities))].sort((one, other) =>
    rankOf(one.entity) < rankOf(other.entity) ? -1 : 1,
  );
  for (const { entity, values } of entries) {
    const parts = entity.map(({ entityType, entityName }) => {
      const title = TITLES[entityType] ?? entityType;
      return entityName === null ? `the default ${title}` : `${title} '${entityName}'`;
    });
    call.data({
      ...Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName])),
      quotas: Object.fromEntries(values.map(({ key, value }) => [key, value])),
    });
    const quotas = values.map(({ key, value }) => `${key}=${Number.isInteger(value) ? value.toFixed(1) : value}`);
    call.print(`Quota configs for ${parts.join(', ')} are ${quotas.join(', ')}`);
  }
  const [{ type, name }] = entities as readonly [Entity];
  if (entities.length === 1 && type === 'users' && name !== null) yield* describeCredentials(call, name);
}

export function* alterQuotas(call: ToolCall, entities: readonly Entity[], changes: Changes): Steps<void> {
  const { admin } = call;
  const { set, remove } = changes;
  const scram = isCredential(entities, changes);
  if (scram) return yield* alterCredentials(call, entities[0]!.name!, changes);
  const known = yield* quotasOf(call, entities);
  const invalid = remove.filter((name) => !known.includes(name));
  if (invalid.length > 0) throw new PlainError(`Invalid config(s): ${invalid.join(',')}`);
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

/** Whether the changes are of SCRAM credentials. Throws `PlainError` for names that are no quotas, in the words of ConfigCommand. */
function isCredential(entities: readonly Entity[], { set, remove }: Changes): boolean {
  const type = entities.at(-1)!.type;
  const added = set.map(([name]) => name);
  const quotas = type === 'ips' ? IP_QUOTAS : QUOTAS;
  const scram = [...added, ...remove].filter(isMechanism);
  const strange = (names: readonly string[]) =>
    names.filter((name) => !quotas.includes(name) && !(type === 'users' && isMechanism(name)));
  const kind = type === 'ips' ? 'connection quota' : type === 'clients' ? 'quota' : 'quota and SCRAM credential';
  const listed = (collection: string, names: readonly string[]) =>
    type === 'ips' ? names.join(',') : `${collection}(${names.join(', ')})`;
  const refusal = (what: string, names: string): PlainError =>
    new PlainError(
      `Only ${kind} configs can be ${what} for '${type}' using --bootstrap-server. Unexpected config names: ${names}`,
    );
  if (strange(added).length > 0) throw refusal('added', listed('Set', strange(added)));
  if (strange(remove).length > 0)
    throw refusal(type === 'ips' ? 'added' : 'deleted', listed('ArrayBuffer', strange(remove)));
  if (scram.length === 0) return false;
  if (entities[0]!.name === null)
    throw new PlainError(
      'The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using --bootstrap-server.',
    );
  if (scram.length < added.length + remove.length)
    throw new PlainError(
      "Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using --bootstrap-server.",
    );
  return true;
}

function quotaOf(key: string, value: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(value))
    throw new PlainError(`Cannot parse quota configuration value for ${key}: ${value}`);
  return Number(value);
}

import { alterQuotas, describeQuotas } from './config-quotas.ts';
import { alterResource, describeResources } from './config-resources.ts';
import { PlainError, ToolError, UsageError } from './failure.ts';
import type { Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

export type EntityType = 'topics' | 'brokers' | 'groups' | 'users' | 'clients' | 'ips';

/** What settings belong to. */
export interface Entity {
  readonly type: EntityType;
  /** Null: the default of this type; undefined: every one of it. */
  readonly name: string | null | undefined;
}

const TYPES: readonly EntityType[] = ['topics', 'brokers', 'groups', 'users', 'clients', 'ips'];
/** `--topic x` for `--entity-type topics --entity-name x`. */
const SHORT: Readonly<Record<string, EntityType>> = {
  topic: 'topics',
  broker: 'brokers',
  group: 'groups',
  user: 'users',
  client: 'clients',
  ip: 'ips',
};

/** ConfigCommand. */
export const configs: Tool = {
  name: 'kafka-configs',
  summary: 'shows and changes settings of topics, brokers and groups, and quotas of users, clients and addresses',
  differs: 'SCRAM credentials are shown, but not made here (`kzsim up --sasl` makes them).',
  options: [
    { name: 'describe', about: 'shows settings' },
    { name: 'alter', about: 'changes settings' },
    { name: 'entity-type', value: 'TYPE', completes: TYPES, about: 'of what; users and clients can stand together' },
    { name: 'entity-name', value: 'NAME', completes: 'topic', about: 'of which' },
    { name: 'entity-default', about: 'the default for all of the type' },
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'short for the two; also for the next five' },
    { name: 'broker', value: 'ID', completes: 'broker', about: '' },
    { name: 'group', value: 'NAME', completes: 'group', about: '' },
    { name: 'user', value: 'NAME', about: '' },
    { name: 'client', value: 'ID', about: '' },
    { name: 'ip', value: 'ADDRESS', about: '' },
    { name: 'broker-defaults', about: 'short for the default of brokers; also for the next three' },
    { name: 'user-defaults', about: '' },
    { name: 'client-defaults', about: '' },
    { name: 'ip-defaults', about: '' },
    { name: 'add-config', value: 'K=V,K=[V,V]', about: 'settings to set' },
    { name: 'delete-config', value: 'K,K', about: 'settings to take back' },
    { name: 'all', about: 'show also those that nobody has set' },
    { name: 'force', about: 'taken, and not needed' },
  ],
  examples: [
    'kafka-configs --alter --entity-type topics --entity-name orders --add-config retention.ms=3600000',
    'kafka-configs --describe --topic orders --all',
    'kafka-configs --alter --entity-type brokers --entity-default --add-config message.max.bytes=2000000',
    'kafka-configs --alter --entity-type users --entity-name alice --add-config producer_byte_rate=1024',
  ],
  *run(call) {
    const action = call.args.exactlyOne(
      ['describe', 'alter'],
      'Command must include exactly one action: --describe, --alter',
    );
    const entities = readEntities(call);
    const isQuota = ['users', 'clients', 'ips'].includes(entities[0]!.type);
    if (action === 'describe')
      return yield* failing(call, isQuota ? describeQuotas(call, entities) : describeResources(call, entities[0]!));
    const changes = readChanges(call, entities);
    yield* failing(call, isQuota ? alterQuotas(call, entities, changes) : alterResource(call, entities[0]!, changes));
    const [{ type, name }] = entities as readonly [Entity];
    if (name === null) call.print(`Completed updating default config for ${type} in the cluster.`);
    else call.print(`Completed updating config for ${type.slice(0, -1)} ${name}.`);
  },
};

/** What brokers refuse comes with the line, and with Java's names around it. */
function* failing({ words }: ToolCall, steps: Steps<void>): Steps<void> {
  try {
    yield* steps;
  } catch (thrown) {
    if (!(thrown instanceof ToolError) || thrown instanceof UsageError || thrown instanceof PlainError) throw thrown;
    const { exception, message } = thrown;
    throw new PlainError(
      `Error while executing config command with args '${words.join(' ')}'\njava.util.concurrent.ExecutionException: org.apache.kafka.common.errors.${exception}: ${message}`,
    );
  }
}

/** One entity, or a user and a client. Names belong to the types in the order in which they stand. */
function readEntities({ args }: ToolCall): readonly Entity[] {
  const types: EntityType[] = [];
  const names: (string | null)[] = [];
  const entities: Entity[] = [];
  for (const [option, value] of args.inOrder) {
    const type = SHORT[option.replace(/-defaults$/, '')];
    if (option === 'entity-type') types.push(readType(value));
    else if (option === 'entity-name') names.push(value);
    else if (option === 'entity-default') names.push(null);
    else if (type !== undefined) entities.push({ type, name: option.endsWith('-defaults') ? null : value });
  }
  for (const [index, type] of types.entries()) entities.push({ type, name: names[index] });
  if (entities.length === 0) throw new PlainError('At least one entity type must be specified');
  const together = entities.map(({ type }) => type).sort();
  if (entities.length > 1 && together.join(' ') !== 'clients users')
    throw new PlainError("Only 'users' and 'clients' entity types may be specified together");
  return entities.sort((one, other) => (one.type < other.type ? 1 : -1));
}

function readType(value: string): EntityType {
  const type = TYPES.find((known) => known === value);
  if (type === undefined)
    throw new PlainError(`Invalid entity type ${value}, the entity type must be one of ${TYPES.join(', ')}`);
  return type;
}

export interface Changes {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
}

function readChanges({ args }: ToolCall, entities: readonly Entity[]): Changes {
  if (entities.some(({ name }) => name === undefined))
    throw new PlainError(
      'an entity name must be specified with --alter of ' + entities.map(({ type }) => type).join(','),
    );
  if (!args.has('add-config') && !args.has('delete-config'))
    throw new PlainError(
      'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
    );
  // A comma inside of brackets belongs to the value.
  const set = args.all('add-config').flatMap((text) =>
    text.split(/,(?![^[]*\])/).map((pair) => {
      const [, name, value] = /^\s*([^=]+?)\s*=\s*(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined)
        throw new PlainError('Invalid entity config: all configs to be added must be in the format "key=val".');
      return [name, value.replace(/^\[(.*)\]$/s, '$1')] as const;
    }),
  );
  const remove = args.all('delete-config').flatMap((text) => text.split(',').map((name) => name.trim()));
  return { set, remove };
}

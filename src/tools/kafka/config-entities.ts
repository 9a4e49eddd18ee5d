/** What `kafka-configs` is about: `--entity-type topics --entity-name orders`, or `--topic orders`. */
import { PlainError, UsageError } from './failure.ts';
import type { ToolCall } from './tool.ts';

export type EntityType =
  | 'topics'
  | 'clients'
  | 'users'
  | 'brokers'
  | 'ips'
  | 'client-metrics'
  | 'groups'
  | 'broker-loggers';

/** What settings belong to. */
export interface Entity {
  readonly type: EntityType;
  /** Null: the default of this type; undefined: every one of it. */
  readonly name: string | null | undefined;
}

export const TYPES: readonly EntityType[] = [
  'topics',
  'clients',
  'users',
  'brokers',
  'ips',
  'client-metrics',
  'groups',
  'broker-loggers',
];
/** Before 4.0 groups have no settings. */
const OLDER_TYPES: readonly EntityType[] = [
  'topics',
  'clients',
  'users',
  'brokers',
  'ips',
  'broker-loggers',
  'client-metrics',
];
const WITH_DEFAULT: readonly EntityType[] = ['users', 'clients', 'brokers', 'ips'];
/** `--topic x` for `--entity-type topics --entity-name x`. */
const SHORT: Readonly<Record<string, EntityType>> = {
  topic: 'topics',
  broker: 'brokers',
  group: 'groups',
  user: 'users',
  client: 'clients',
  ip: 'ips',
  'client-metrics': 'client-metrics',
  'broker-logger': 'broker-loggers',
};

/** One entity, or a user and a client. Names belong to the types in the order in which they stand. Throws `PlainError`. */
export function readEntities({ args, older }: ToolCall, action: string): readonly Entity[] {
  const types: EntityType[] = [];
  const names: (string | null)[] = [];
  const entities: Entity[] = [];
  for (const [option, value] of args.inOrder) {
    const type = SHORT[option.replace(/-defaults$/, '')];
    if (older && option === 'group') throw new UsageError('group is not a recognized option');
    if (option === 'entity-type') types.push(readType(value, older ? OLDER_TYPES : TYPES));
    else if (option === 'entity-name') names.push(value);
    else if (option === 'entity-default') names.push(null);
    else if (type !== undefined) entities.push({ type, name: option.endsWith('-defaults') ? null : value });
  }
  const short = entities.length > 0;
  for (const [index, type] of types.entries()) entities.push({ type, name: names[index] });
  checkTypes(entities.map(({ type }) => type));
  if (short && (types.length > 0 || names.length > 0))
    throw new PlainError('--entity-{type,name,default} should not be used in conjunction with specific entity flags');
  for (const entity of entities) checkName(entity, action, older);
  return entities.sort((one, other) => (one.type < other.type ? 1 : -1));
}

function readType(value: string, known: readonly EntityType[]): EntityType {
  const type = known.find((each) => each === value);
  if (type === undefined)
    throw new PlainError(
      `Invalid entity type ${value}, the entity type must be one of ${known.join(', ')} with a --bootstrap-controller argument`,
    );
  return type;
}

function checkTypes(types: readonly EntityType[]): void {
  const twice = types.filter((type, index) => types.indexOf(type) !== index);
  if (twice.length > 0) throw new PlainError(`Duplicate entity type(s) specified: ${twice.join(',')}`);
  if (types.length === 0) throw new PlainError('At least one entity type must be specified');
  if (types.length > 1 && [...types].sort().join(' ') !== 'clients users')
    throw new PlainError("Only 'users' and 'clients' entity types may be specified together");
}

function checkName({ type, name }: Entity, action: string, older: boolean): void {
  if ((type === 'brokers' || type === 'broker-loggers') && name && !/^\d+$/.test(name))
    throw new PlainError(`The entity name for ${type} must be a valid integer broker id, but it is: ${name}`);
  if (type === 'ips' && name && !/^[\w.:-]+$/.test(name))
    throw new PlainError(`The entity name for ips must be a valid IP or resolvable host, but it is: ${name}`);
  const withDefault = WITH_DEFAULT.includes(type);
  if (action === 'describe' && name === null && !withDefault && !older)
    throw new PlainError(`--entity-default must not be specified with --describe of ${type}`);
  if (action === 'describe' && name === undefined && type === 'broker-loggers')
    throw new PlainError(`An entity name must be specified with --describe of ${type}`);
  if (action === 'alter' && name === undefined && withDefault)
    throw new PlainError(
      'An entity-name or default entity must be specified with --alter of users, clients, brokers or ips',
    );
  if (action === 'alter' && !name && !withDefault)
    throw new PlainError(`${older ? 'an' : 'An'} entity name must be specified with --alter of ${type}`);
}

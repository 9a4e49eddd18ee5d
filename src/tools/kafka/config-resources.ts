/** Settings of topics, brokers and groups, for `kafka-configs`. */
import { DescribeConfigs } from '../../protocol/apis/32-describe-configs.ts';
import { IncrementalAlterConfigs } from '../../protocol/apis/44-incremental-alter-configs.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { RESOURCE } from '../../protocol/config-resource.ts';
import type { Changes, Entity } from './configs.ts';
import { PlainError, refuse } from './failure.ts';
import { listGroups } from './group-description.ts';
import { partitionsOf } from './offsets.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

/** ConfigEntry.ConfigSource, by its number on the wire. */
const SOURCES: readonly string[] = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
];
const SET = 0;
const DELETE = 1;

const NUMBERS: Readonly<Partial<Record<Entity['type'], number>>> = {
  topics: RESOURCE.topic,
  brokers: RESOURCE.broker,
  groups: RESOURCE.group,
};

/** The source that the entity's own settings have. */
function ownSource({ type, name }: Entity): string {
  if (type === 'topics') return 'DYNAMIC_TOPIC_CONFIG';
  if (type === 'groups') return 'DYNAMIC_GROUP_CONFIG';
  return name === null ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : 'DYNAMIC_BROKER_CONFIG';
}

/** A broker knows its own settings; what holds for all, any of them does. */
function targetOf({ type, name }: Entity) {
  return type === 'brokers' && name ? ({ kind: 'broker', id: Number(name) } as const) : ({ kind: 'any' } as const);
}

export function* describeResources(call: ToolCall, entity: Entity): Steps<void> {
  const { args, print } = call;
  checkId(entity);
  const names = entity.name === undefined ? yield* everyName(call, entity) : [entity.name];
  for (const name of names) {
    const one = { ...entity, name };
    const kind = args.has('all') ? 'All' : 'Dynamic';
    if (name === null) print(`Default configs for ${entity.type} in the cluster are:`);
    else print(`${kind} configs for ${entity.type.slice(0, -1)} ${name} are:`);
    for (const config of yield* settingsOf(call, one, args.has('all'))) {
      const synonyms = config.synonyms.map((synonym) => `${SOURCES[synonym.source]}:${synonym.name}=${synonym.value}`);
      print(`  ${config.name}=${config.value} sensitive=${config.isSensitive} synonyms={${synonyms.join(', ')}}`);
    }
  }
}

/** Throws `PlainError` for a broker whose id is no number. */
function checkId({ type, name }: Entity): void {
  if (type === 'brokers' && name && !/^\d+$/.test(name))
    throw new PlainError(`The entity name for ${type} must be a valid integer broker id, but it is: ${name}`);
}

function* everyName(call: ToolCall, { type }: Entity): Steps<readonly (string | null)[]> {
  if (type === 'topics') return [...new Set((yield* partitionsOf(call, null)).map(({ topic }) => topic))];
  if (type === 'groups') return (yield* listGroups(call, { states: [], types: [] })).map(({ id }) => id);
  const { brokers } = yield* ask(call.admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  return [
    ...brokers
      .map(({ brokerId }) => brokerId)
      .sort((one, other) => one - other)
      .map(String),
    null,
  ];
}

function* settingsOf({ admin }: ToolCall, entity: Entity, all: boolean) {
  const { type, name } = entity;
  const body = DescribeConfigs.request.make({
    resources: [{ resourceType: NUMBERS[type]!, resourceName: name ?? '', configurationKeys: null }],
    includeSynonyms: true,
  });
  const { results } = yield* ask(admin, DescribeConfigs, body, targetOf(entity));
  const { errorCode, errorMessage, configs } = results[0]!;
  refuse(errorCode, errorMessage);
  return configs
    .filter(({ configSource }) => all || SOURCES[configSource] === ownSource(entity))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

export function* alterResource(call: ToolCall, entity: Entity, { set, remove }: Changes): Steps<void> {
  checkId(entity);
  const known = (yield* settingsOf(call, entity, false)).map(({ name }) => name);
  const invalid = remove.filter((name) => !known.includes(name));
  if (invalid.length > 0) throw new PlainError(`Invalid config(s): ${invalid.join(',')}`);
  const body = IncrementalAlterConfigs.request.make({
    resources: [
      {
        resourceType: NUMBERS[entity.type]!,
        resourceName: entity.name ?? '',
        configs: [
          ...set.map(([name, value]) => ({ name, configOperation: SET, value })),
          ...remove.map((name) => ({ name, configOperation: DELETE, value: '' })),
        ],
      },
    ],
  });
  const { responses } = yield* ask(call.admin, IncrementalAlterConfigs, body, targetOf(entity));
  for (const { errorCode, errorMessage } of responses) refuse(errorCode, errorMessage);
}

/** Settings of topics, brokers and groups, for `kafka-configs`. */
import { DescribeConfigs } from '../../protocol/apis/32-describe-configs.ts';
import { IncrementalAlterConfigs } from '../../protocol/apis/44-incremental-alter-configs.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { ListConfigResources } from '../../protocol/apis/74-list-config-resources.ts';
import { RESOURCE } from '../../protocol/config-resource.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Entity } from './config-entities.ts';
import type { Changes } from './configs.ts';
import { PlainError, refuse, ToolError } from './failure.ts';
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
  'client-metrics': RESOURCE.clientMetrics,
  'broker-loggers': RESOURCE.brokerLogger,
};

/** The source that the entity's own settings have. */
function ownSource({ type, name }: Entity): string {
  if (type === 'topics') return 'DYNAMIC_TOPIC_CONFIG';
  if (type === 'groups') return 'DYNAMIC_GROUP_CONFIG';
  if (type === 'client-metrics') return 'DYNAMIC_CLIENT_METRICS_CONFIG';
  if (type === 'broker-loggers') return 'DYNAMIC_BROKER_LOGGER_CONFIG';
  return name === null ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : 'DYNAMIC_BROKER_CONFIG';
}

/** A broker knows its own settings; what holds for all, any of them does. */
function targetOf({ type, name }: Entity) {
  return (type === 'brokers' || type === 'broker-loggers') && name
    ? ({ kind: 'broker', id: Number(name) } as const)
    : ({ kind: 'any' } as const);
}

export function* describeResources(call: ToolCall, entity: Entity): Steps<void> {
  const { args, print, data } = call;
  const every = yield* everyName(call, entity);
  const names = entity.name === undefined ? every : [entity.name];
  if (!call.older && entity.name && !every.includes(entity.name) && !(yield* hasSettings(call, entity)))
    return print(`The ${entity.type.slice(0, -1)} '${entity.name}' doesn't exist and doesn't have dynamic config.`);
  for (const name of names) {
    const one = { ...entity, name };
    const kind = args.has('all') ? 'All' : 'Dynamic';
    if (name === null) print(`Default configs for ${entity.type} in the cluster are:`);
    else print(`${kind} configs for ${entity.type.slice(0, -1)} ${name} are:`);
    for (const config of yield* settingsOf(call, one, args.has('all'))) {
      const synonyms = config.synonyms.map((synonym) => `${SOURCES[synonym.source]}:${synonym.name}=${synonym.value}`);
      data({
        entityType: entity.type,
        entityName: name,
        name: config.name,
        value: config.value,
        isSensitive: config.isSensitive,
        synonyms,
      });
      print(`  ${config.name}=${config.value} sensitive=${config.isSensitive} synonyms={${synonyms.join(', ')}}`);
    }
  }
}

/** Settings outlive what they belong to. */
function* hasSettings(call: ToolCall, entity: Entity): Steps<boolean> {
  if (entity.type === 'brokers' || entity.type === 'topics') return false;
  return (yield* settingsOf(call, entity, false)).length > 0;
}

function* everyName(call: ToolCall, { type }: Entity): Steps<readonly (string | null)[]> {
  if (type === 'topics') return [...new Set((yield* partitionsOf(call, null)).map(({ topic }) => topic))];
  if (type === 'groups' || type === 'client-metrics') return yield* namesWithSettings(call, type);
  const { brokers } = yield* ask(call.admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  return [
    ...brokers
      .map(({ brokerId }) => brokerId)
      .sort((one, other) => one - other)
      .map(String),
    null,
  ];
}

/** Groups are there although they have none; brokers before 4.1 list only resources of metrics. */
function* namesWithSettings(call: ToolCall, type: 'groups' | 'client-metrics'): Steps<readonly string[]> {
  const groups = type === 'groups' ? (yield* listGroups(call, { states: [], types: [] })).map(({ id }) => id) : [];
  const resourceTypes = [type === 'groups' ? RESOURCE.group : RESOURCE.clientMetrics];
  try {
    const body = ListConfigResources.request.make({ resourceTypes });
    const { errorCode, configResources } = yield* ask(call.admin, ListConfigResources, body, { kind: 'any' });
    refuse(errorCode);
    return [...new Set([...groups, ...configResources.map(({ resourceName }) => resourceName)])].sort();
  } catch (thrown) {
    if (!(thrown instanceof ToolError) || thrown.code !== ErrorCode.UNSUPPORTED_VERSION) throw thrown;
    return groups;
  }
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

function brokerLoggerRefusal(known: readonly string[], names: readonly string[]): string {
  const invalid = names.filter((name) => !known.includes(name));
  if (invalid.length > 0) return `Invalid broker logger(s): ${invalid.join(',')}`;
  return 'brokers here write no logs, so that no logger has a level to change; `events` and `why` say what happens';
}

export function* alterResource(call: ToolCall, entity: Entity, { set, remove }: Changes): Steps<void> {
  const known = (yield* settingsOf(call, entity, false)).map(({ name }) => name);
  if (entity.type === 'broker-loggers')
    throw new PlainError(brokerLoggerRefusal(known, [...set.map(([name]) => name), ...remove]));
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

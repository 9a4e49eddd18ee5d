/**
 * DescribeConfigs, versions as the release offers them (3.9: 0–4, 4.x: 1–4). Settings of topics, brokers, their loggers, groups and
 * subscriptions of client metrics, with where each value comes from; a broker is described by itself alone (KIP-226). Kafka's
 * `ConfigHelper`.
 *
 * Not simulated: the documentation is kzsim's own, and empty for settings that play no part here.
 */
import type { Config } from '../../config/config.ts';
import { SETTING_SOURCE } from '../../config/effective.ts';
import type { ConfigEntry } from '../../config/entry.ts';
import { groupConfig } from '../../config/resources.ts';
import { brokerSynonyms } from '../../config/synonyms.ts';
import { DescribeConfigs, type DescribeConfigsResponse } from '../../protocol/apis/32-describe-configs.ts';
import { RESOURCE } from '../../protocol/config-resource.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { isTopicName } from '../internal-topics.ts';
import { LOGGERS } from '../loggers.ts';
import { type BrokerServices, handler } from '../services.ts';
import { dynamicBrokerConfig, topicSettings } from '../settings.ts';

/** `DescribeConfigsResponse.ConfigSource`. */
const SOURCE = { ...SETTING_SOURCE, logger: 6, clientMetrics: 7, group: 8 } as const;
const TYPE = { boolean: 1, string: 2, int: 3, short: 4, long: 5, double: 6, list: 7, class: 8, password: 9 };

type Result = DescribeConfigsResponse['results'][number];
type Described = Result['configs'][number];

interface Origin {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

interface Wish {
  readonly keys: readonly string[] | null;
  readonly synonyms: boolean;
  readonly documentation: boolean;
  readonly version: number;
}

export const describeConfigs = handler(DescribeConfigs, (services, request) => {
  const { resources, includeSynonyms, includeDocumentation } = request.body;
  const results = resources.map(({ resourceType, resourceName, configurationKeys }): Result => {
    // Nothing asked for by name is everything.
    const keys = configurationKeys?.length === 0 ? null : configurationKeys;
    const wish = { keys, synonyms: includeSynonyms, documentation: includeDocumentation, version: request.version };
    const found = describe(services, resourceType, resourceName, wish);
    const [errorCode, errorMessage, configs] =
      'error' in found ? [found.error, found.message, []] : [ErrorCode.NONE, null, found.configs];
    return { errorCode, errorMessage, resourceType, resourceName, configs };
  });
  request.respond({ throttleTimeMs: 0, results });
});

type Found = { readonly configs: Described[] } | { readonly error: number; readonly message: string | null };

function describe(services: BrokerServices, type: number, name: string, wish: Wish): Found {
  const { coordination, identity } = services;
  const kraft = coordination.mode === 'kraft';
  const invalid = (message: string): Found => ({ error: ErrorCode.INVALID_REQUEST, message });
  const elsewhere = `Unexpected broker id, expected ${identity.id} or empty string, but received ${name}`;
  const isHere = name === String(identity.id);
  switch (type) {
    case RESOURCE.topic:
      if (!isTopicName(name)) return { error: ErrorCode.INVALID_TOPIC_EXCEPTION, message: null };
      if (!coordination.image.topics.has(name)) return { error: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message: null };
      return { configs: describeTopic(services, name, wish) };
    case RESOURCE.broker:
      return name === '' || isHere ? { configs: describeBroker(services, name, wish) } : invalid(elsewhere);
    case RESOURCE.brokerLogger:
      if (name === '') return invalid('Broker id must not be empty');
      return isHere ? { configs: describeLoggers(wish) } : invalid(elsewhere);
    case RESOURCE.clientMetrics:
      if (!kraft || name === '') return invalid('Client metrics subscription name must not be empty');
      return { configs: describeClientMetrics(services, name, wish) };
    case RESOURCE.group:
      if (!kraft || name === '') return invalid('Group name must not be empty');
      return { configs: describeGroup(services, name, wish) };
    default:
      return invalid(`Unsupported resource type: ${type}`);
  }
}

function describeLoggers(wish: Wish): Described[] {
  return LOGGERS.filter(([logger]) => wish.keys?.includes(logger) ?? true).map(([logger, level]) =>
    simple(logger, level, SOURCE.logger, wish),
  );
}

const CLIENT_METRICS_DEFAULTS = { 'interval.ms': '300000', match: '', metrics: '' };

/** Only what was set of a subscription, unless nothing was. */
function describeClientMetrics({ coordination }: BrokerServices, name: string, wish: Wish): Described[] {
  const own = coordination.image.config('client-metrics', name);
  return Object.entries(CLIENT_METRICS_DEFAULTS)
    .filter(([key]) => own.size > 0 && (wish.keys?.includes(key) ?? true))
    .map(([key, initial]) =>
      simple(key, own.get(key) ?? initial, own.has(key) ? SOURCE.clientMetrics : SOURCE.default, wish),
    );
}

function describeGroup({ coordination, config }: BrokerServices, name: string, wish: Wish): Described[] {
  const own = coordination.image.config('group', name);
  const group = groupConfig(Object.fromEntries(own), config);
  return wanted(group, wish).map((entry) => {
    const value = own.get(entry.name);
    const origins = value === undefined ? [] : [{ name: entry.name, value, source: SOURCE.group }];
    return described(entry, group, origins, false, wish);
  });
}

/** A setting that is not in the tables: a text, whose present value is all that is known of it. */
function simple(name: string, value: string, configSource: number, wish: Wish): Described {
  return {
    name,
    value,
    readOnly: false,
    // Version 1 has the source in its place.
    isDefault: wish.version === 0 && configSource === SOURCE.default,
    configSource,
    isSensitive: false,
    synonyms: wish.synonyms ? [{ name, value, source: configSource }] : [],
    configType: TYPE.string,
    documentation: null,
  };
}

function describeTopic(services: BrokerServices, topic: string, wish: Wish): Described[] {
  const config = topicSettings(services, topic);
  const own = services.coordination.image.config('topic', topic);
  return wanted(config, wish).map((entry) => {
    const origins: Origin[] = [];
    const value = own.get(entry.name);
    if (value !== undefined) origins.push({ name: entry.name, value, source: SOURCE.topic });
    for (const synonym of brokerSynonyms(entry.name)) origins.push(...brokerOrigins(services, synonym));
    return described(entry, config, origins, false, wish);
  });
}

function describeBroker(services: BrokerServices, name: string, wish: Wish): Described[] {
  const { config, coordination, identity } = services;
  const current = dynamicBrokerConfig(config, coordination.image, identity.id);
  const everywhere = coordination.image.config('broker', '');
  return wanted(current, wish)
    .filter((entry) => name !== '' || everywhere.has(entry.name))
    .map((entry) =>
      described(entry, current, brokerOrigins(services, entry.name), entry.dynamic === 'read-only', wish),
    );
}

/** Where a broker's setting could come from, in the order in which it counts. */
function brokerOrigins({ config, coordination, identity }: BrokerServices, name: string): Origin[] {
  const { image } = coordination;
  const origins: Origin[] = [];
  const here = image.config('broker', String(identity.id)).get(name);
  if (here !== undefined) origins.push({ name, value: here, source: SOURCE.broker });
  const everywhere = image.config('broker', '').get(name);
  if (everywhere !== undefined) origins.push({ name, value: everywhere, source: SOURCE.allBrokers });
  if (config.isOverridden(name)) origins.push({ name, value: config.text(name), source: SOURCE.static });
  return origins;
}

function wanted(config: Config, { keys }: Wish): readonly ConfigEntry[] {
  return keys === null ? config.entries() : config.entries().filter(({ name }) => keys.includes(name));
}

function described(
  entry: ConfigEntry,
  config: Config,
  origins: readonly Origin[],
  readOnly: boolean,
  wish: Wish,
): Described {
  const isSensitive = entry.type === 'password';
  const value = isSensitive ? null : config.text(entry.name);
  const configSource = origins[0]?.source ?? SOURCE.default;
  const own = { name: entry.name, value: config.text(entry.name), source: SOURCE.default };
  const synonyms = (origins.length > 0 ? origins : [own]).map((one) => (isSensitive ? { ...one, value: null } : one));
  return {
    name: entry.name,
    value,
    readOnly,
    // Version 1 has the source in its place.
    isDefault: wish.version === 0 && configSource === SOURCE.default,
    configSource,
    isSensitive,
    synonyms: wish.synonyms ? synonyms : [],
    configType: TYPE[entry.type],
    documentation: wish.documentation ? entry.decides : null,
  };
}

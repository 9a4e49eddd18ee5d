/**
 * DescribeConfigs, versions as the release offers them (3.9: 0–4, 4.2: 1–4). Settings of topics and brokers with where each value
 * comes from; a broker is described by itself alone (KIP-226). Kafka's `ConfigHelper`.
 *
 * Not simulated: authorisation; loggers, client metrics and groups (INVALID_REQUEST).
 */
import type { Config } from '../../config/config.ts';
import type { ConfigEntry } from '../../config/entry.ts';
import { brokerSynonyms } from '../../config/synonyms.ts';
import { DescribeConfigs, type DescribeConfigsResponse } from '../../protocol/apis/32-describe-configs.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerServices, handler } from '../services.ts';
import { dynamicBrokerConfig, topicSettings } from '../settings.ts';

const RESOURCE = { topic: 2, broker: 4 };
const SOURCE = { topic: 1, broker: 2, allBrokers: 3, static: 4, default: 5 };
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
}

export const describeConfigs = handler(DescribeConfigs, (services, request) => {
  const { resources, includeSynonyms, includeDocumentation } = request.body;
  const results = resources.map(({ resourceType, resourceName, configurationKeys }): Result => {
    const wish = { keys: configurationKeys, synonyms: includeSynonyms, documentation: includeDocumentation };
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
  if (type === RESOURCE.topic) {
    if (!coordination.image.topics.has(name)) return { error: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message: null };
    return { configs: describeTopic(services, name, wish) };
  }
  if (type === RESOURCE.broker) {
    if (name !== '' && name !== String(identity.id)) {
      const message = `this is broker ${identity.id}, and it knows no settings but its own`;
      return { error: ErrorCode.INVALID_REQUEST, message };
    }
    return { configs: describeBroker(services, name, wish) };
  }
  return { error: ErrorCode.INVALID_REQUEST, message: `resources of type ${type} are not described` };
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
  const all = [...origins, { name: entry.name, value: config.text(entry.name), source: SOURCE.default }];
  return {
    name: entry.name,
    value,
    readOnly,
    isDefault: configSource === SOURCE.default,
    configSource,
    isSensitive,
    synonyms: wish.synonyms ? (origins.length > 0 ? all.slice(0, -1) : all) : [],
    configType: TYPE[entry.type],
    documentation: wish.documentation ? entry.decides : null,
  };
}

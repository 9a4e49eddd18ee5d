import { type ConfigEntry, type ConfigScope, type ConfigValue, KAFKA_VERSIONS, type KafkaVersion } from './entry.ts';
import { nearest } from './nearest.ts';
import { entryOf, namesOf } from './tables.ts';
import { parseValue } from './value.ts';

/**
 * What is wrong with a setting, as a sentence for the user, or null. Without a version, a name or value that any version
 * takes is right.
 */
export function validateConfig(
  scope: ConfigScope,
  name: string,
  value: ConfigValue,
  version?: KafkaVersion,
): string | null {
  const entry = entryOf(scope, name);
  if (entry === undefined) return isPrefixed(scope, name) ? null : unknownName(scope, name);
  if (version !== undefined && entry.defaults[version] === undefined) return wrongVersion(entry, version);
  const parsed = parseValue(entry, value);
  return 'problem' in parsed ? `${name} ${parsed.problem}` : null;
}

/** What a setting holds that nobody has set, as a list's text: what is appended to it comes after that. Undefined: it is no list. */
export function listDefault(name: string, version: KafkaVersion): string | undefined {
  const entry = entryOf('topic', name) ?? entryOf('broker', name);
  return entry?.type === 'list' ? String(entry.defaults[version] ?? '') : undefined;
}

/** Why a broker's setting cannot be changed while it runs, of one broker or of all, or null. Kafka's `DynamicBrokerConfig`. */
export function dynamicProblem(name: string, of: 'one-broker' | 'all-brokers'): string | null {
  const entry = entryOf('broker', name);
  if (entry === undefined) return null;
  if (entry.dynamic === 'read-only') return `Cannot update these configs dynamically: Set(${name})`;
  if (entry.dynamic === 'per-broker' && of === 'all-brokers')
    return `Cannot update these configs at default cluster level: Set(${name})`;
  return null;
}

function unknownName(scope: ConfigScope, name: string): string {
  const meant = nearest(name, namesOf(scope));
  const elsewhere = meant === undefined ? otherScope(scope, name) : undefined;
  const hint =
    meant !== undefined ? `; did you mean ${meant}?` : elsewhere !== undefined ? `; it is one of a ${elsewhere}` : '';
  return `${name} is no configuration of a ${scope}${hint}`;
}

function otherScope(scope: ConfigScope, name: string): ConfigScope | undefined {
  const scopes: readonly ConfigScope[] = ['broker', 'topic', 'producer', 'consumer', 'admin', 'group', 'zookeeper'];
  return scopes.find((other) => other !== scope && entryOf(other, name) !== undefined);
}

function wrongVersion(entry: ConfigEntry, version: KafkaVersion): string {
  const first = KAFKA_VERSIONS.find((other) => entry.defaults[other] !== undefined)!;
  const others = first === '3.9' ? '3.9' : first === '4.0' ? '4.x' : `${first} and later`;
  return `${entry.name} is unknown to Kafka ${version}; only ${others} has it`;
}

/**
 * Names that Kafka makes up from others: settings of one listener (`listener.name.external.ssl.keystore.location`), of
 * remote storage, and of plug-ins that read the file themselves.
 */
function isPrefixed(scope: ConfigScope, name: string): boolean {
  if (scope !== 'broker') return false;
  return ['listener.name.', 'remote.log.metadata.manager.', 'rsm.config.', 'rlmm.config.', 'config.providers'].some(
    (prefix) => name.startsWith(prefix),
  );
}

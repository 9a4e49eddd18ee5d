/** What brokers say of a setting that will not do: the words of Kafka's ConfigDef and LogConfig, which clients print as they come. */
import type { ConfigEntry, ConfigScope, ConfigValue, KafkaVersion } from './entry.ts';
import { entryOf } from './tables.ts';
import { validateConfig } from './validate.ts';
import { parseValue } from './value.ts';

/** Values that Kafka writes with capitals. */
const CAPITALS: Readonly<Record<string, string>> = { createtime: 'CreateTime', logappendtime: 'LogAppendTime' };

/** Null where a broker of this version takes it. */
export function configRefusal(
  scope: ConfigScope,
  name: string,
  value: ConfigValue,
  version: KafkaVersion,
): string | null {
  const problem = validateConfig(scope, name, value, version);
  if (problem === null) return null;
  const entry = entryOf(scope, name);
  if (entry?.defaults[version] === undefined) return `Unknown ${scope} config name: ${name}`;
  return `Invalid value ${blamed(entry, value)} for configuration ${name}: ${reason(entry, value)}`;
}

/** Of a running broker: a name that no broker knows is accepted, as in Kafka, whose plug-ins may read it (`DynamicBrokerConfig`). */
export function brokerConfigRefusal(name: string, value: ConfigValue, version: KafkaVersion): string | null {
  return entryOf('broker', name) === undefined ? null : configRefusal('broker', name, value, version);
}

/** Of a list, the item that is wrong. */
function blamed({ type, values }: ConfigEntry, value: ConfigValue): string {
  const text = String(value).trim();
  if (type !== 'list') return text;
  return (
    text
      .split(',')
      .map((item) => item.trim())
      .find((item) => values?.includes(item.toLowerCase()) === false) ?? text
  );
}

function reason(entry: ConfigEntry, value: ConfigValue): string {
  switch (entry.type) {
    case 'boolean':
      return 'Expected value to be either true or false';
    case 'short':
    case 'int':
    case 'long':
    case 'double': {
      const parsed = parseValue({ ...entry, min: null, max: null }, value);
      if ('problem' in parsed) return `Not a number of type ${entry.type.toUpperCase()}`;
      return entry.min !== null && Number(value) < entry.min
        ? `Value must be at least ${entry.min}`
        : `Value must be no more than ${entry.max}`;
    }
    default:
      return `String must be one of: ${(entry.values ?? []).map((text) => CAPITALS[text] ?? text).join(', ')}`;
  }
}

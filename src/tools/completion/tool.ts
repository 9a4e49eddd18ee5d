/** Words behind a tool of Kafka's: its options, and what stands behind them. */
import type { ConfigScope } from '../../config/entry.ts';
import { entryOf, namesOf } from '../../config/tables.ts';
import type { Tool } from '../kafka/tool.ts';
import { brokerIds, clients, groups, topics, transactionalIds } from './names.ts';
import type { Place } from './places.ts';

export function toolWords(tool: Tool, place: Place): readonly string[] {
  if (place.word.startsWith('-')) return optionsOf(tool);
  const { before } = place;
  const name = /\s--?([\w.-]+)(?:=|\s+)(?:\S*,)?$/.exec(before)?.[1];
  const setting = /\s--?([\w-]+)(?:=|\s+)(?:\S*,)?([\w.-]+)=$/.exec(before);
  if (setting !== null) return settingValues(scopeOf(tool, setting[1]!, before), setting[2]!);
  const option = tool.options.find((known) => known.name === name);
  if (option?.value === undefined) return /\s$/.test(before) ? [...(tool.commands ?? []), ...optionsOf(tool)] : [];
  const scope = scopeOf(tool, option.name, before);
  if (scope !== undefined)
    return [...namesOf(scope)].map((known) => (option.name === 'delete-config' ? known : `${known}=`));
  return valuesOf(option, place);
}

const optionsOf = ({ options }: Tool): readonly string[] =>
  options.map(({ name }) => (name.length === 1 ? `-${name}` : `--${name}`));

function valuesOf({ name, completes }: Tool['options'][number], place: Place): readonly string[] {
  if (name === 'entity-name') return entities(place);
  if (name === 'transactional-id') return transactionalIds(place);
  switch (completes) {
    case undefined:
      return [];
    case 'topic':
      return topics(place);
    case 'group':
      return groups(place);
    case 'broker':
      return brokerIds(place);
    default:
      return Array.isArray(completes) ? completes : [];
  }
}

/** Whose names stand behind this option. */
function scopeOf({ name: tool }: Tool, option: string, before: string): ConfigScope | undefined {
  switch (option) {
    case 'config':
      return 'topic';
    case 'add-config':
    case 'delete-config':
      return entityScope(before);
    case 'producer-property':
    case 'producer-props':
      return 'producer';
    case 'command-property':
      return tool === 'kafka-console-consumer' ? 'consumer' : 'producer';
    case 'consumer-property':
      return 'consumer';
    default:
      return undefined;
  }
}

function entityScope(before: string): ConfigScope | undefined {
  const type = entityType(before);
  if (type?.startsWith('broker')) return 'broker';
  if (type?.startsWith('group')) return 'group';
  return type === undefined || type.startsWith('topic') ? 'topic' : undefined;
}

/** `topics` of `--entity-type topics`, `broker` of `--broker 1`. */
function entityType(before: string): string | undefined {
  return (
    /--entity-type[= ]+(\S+)/.exec(before)?.[1] ??
    /\s--(topic|broker|broker-defaults|group|client|user)s?\b/.exec(before)?.[1]
  );
}

function entities(place: Place): readonly string[] {
  const type = entityType(place.before) ?? '';
  if (type.startsWith('broker')) return brokerIds(place);
  if (type.startsWith('group')) return groups(place);
  return type.startsWith('client') ? clients(place) : topics(place);
}

function settingValues(scope: ConfigScope | undefined, name: string): readonly string[] {
  const entry = scope === undefined ? undefined : entryOf(scope, name);
  if (entry === undefined) return [];
  return entry.values ?? (entry.type === 'boolean' ? ['true', 'false'] : []);
}

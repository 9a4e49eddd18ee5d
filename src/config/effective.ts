import type { Config, Overrides } from './config.ts';
import { topicConfig } from './resources.ts';
import { brokerSynonyms } from './synonyms.ts';

/** Where a setting of a topic comes from, as numbered on the wire (`DescribeConfigsResponse.ConfigSource`). */
export const SETTING_SOURCE = { topic: 1, broker: 2, allBrokers: 3, static: 4, default: 5 } as const;

export interface EffectiveSetting {
  readonly name: string;
  /** Null when unset. */
  readonly value: string | null;
  readonly configSource: number;
}

export type EffectiveTopicSettings = (
  own: Overrides,
  dynamic: ReadonlyMap<string, string>,
) => readonly EffectiveSetting[];

/** All settings of a topic with these of its own, under the dynamic ones of all brokers and the static ones of `broker`. */
export function effectiveTopicSettings(broker: Config): EffectiveTopicSettings {
  let seen: ReadonlyMap<string, string> = new Map();
  let current = broker;
  return (own, dynamic) => {
    // Resolving a broker's settings takes longer than all the rest, and the dynamic ones change rarely.
    if (dynamic !== seen) {
      seen = dynamic;
      current = broker.with(Object.fromEntries(dynamic));
    }
    const config = topicConfig(own, current);
    return config.entries().map(({ name }) => ({
      name,
      value: config.text(name),
      configSource: sourceOf(name, config, dynamic, broker),
    }));
  };
}

function sourceOf(name: string, topic: Config, dynamic: ReadonlyMap<string, string>, broker: Config): number {
  if (topic.isOverridden(name)) return SETTING_SOURCE.topic;
  const synonyms = brokerSynonyms(name);
  if (synonyms.some((synonym) => dynamic.has(synonym))) return SETTING_SOURCE.allBrokers;
  if (synonyms.some((synonym) => broker.has(synonym) && broker.isOverridden(synonym))) return SETTING_SOURCE.static;
  return SETTING_SOURCE.default;
}

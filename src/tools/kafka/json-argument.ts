/** The files of Kafka's tools, as the host has written them into the line: `--reassignment-json-file '{"version":1,…}'`. */
import { PlainError } from './failure.ts';
import type { TopicPartition } from './offsets.ts';

export interface NamedReplicas extends TopicPartition {
  /** Left out where only partitions are named. */
  readonly replicas: readonly number[];
}

type Json = { readonly [name: string]: unknown };

/** Throws `PlainError`. */
export function jsonOf(option: string, text: string): Json {
  if (!text.trim().startsWith('{'))
    throw new PlainError(`no file can be read here: put the JSON itself behind --${option}, in quotes`);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new PlainError(`--${option} is no JSON: ${text}`);
  }
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];
}

/** `{"partitions":[{"topic":"a","partition":0,"replicas":[1,2]}]}`. Throws `PlainError`. */
export function partitionsInJson(option: string, text: string): readonly NamedReplicas[] {
  const partitions = listOf(jsonOf(option, text)['partitions']).map(({ topic, partition, replicas }) => {
    if (typeof topic !== 'string' || typeof partition !== 'number')
      throw new PlainError(`--${option}: every partition has a "topic" and a "partition"`);
    const ids = Array.isArray(replicas) ? replicas.filter((id): id is number => typeof id === 'number') : [];
    return { topic, partition, replicas: ids };
  });
  if (partitions.length === 0) throw new PlainError(`--${option} names no partitions`);
  return partitions;
}

/** `{"topics":[{"topic":"a"}]}`. Throws `PlainError`. */
export function topicsInJson(option: string, text: string): readonly string[] {
  return listOf(jsonOf(option, text)['topics']).flatMap(({ topic }) => (typeof topic === 'string' ? [topic] : []));
}

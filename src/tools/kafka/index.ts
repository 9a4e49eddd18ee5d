/** Every tool: one line each. Names in alphabetical order, as the folder. */
import { consumerGroups } from './consumer-groups.ts';
import { getOffsets } from './get-offsets.ts';
import type { Tool } from './tool.ts';
import { topics } from './topics.ts';

export const TOOLS: readonly Tool[] = [consumerGroups, getOffsets, topics];

const byName = new Map(TOOLS.map((tool) => [tool.name, tool]));

export function toolNamed(name: string): Tool | undefined {
  return byName.get(name);
}

/** `bin/kafka-topics.sh` → `kafka-topics`; undefined for what is called like no tool of Kafka's. */
export function toolCalled(word: string): string | undefined {
  const name = word.replace(/^.*\//, '').replace(/\.(sh|bat)$/, '');
  return byName.has(name) || /^kafka-[a-z-]+$/.test(name) ? name : undefined;
}

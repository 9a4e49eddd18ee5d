import { allNodes, type Catalog, partitionName } from '../cluster/names.ts';
import { SELECTORS } from '../cluster/selectors.ts';
import { VERBS, verbNamed } from '../cluster/verbs/index.ts';
import { TOOLS, toolCalled, toolNamed } from './kafka/index.ts';
import type { Tool } from './kafka/tool.ts';
import { QUESTIONS } from './questions/index.ts';

/** What could stand where the cursor is. */
export interface Completion {
  /** Where the word that is completed begins. */
  readonly start: number;
  readonly items: readonly string[];
}

export type Completer = (text: string, cursor: number) => Completion;

/** Verbs first; behind them options, nodes, selectors, topics, partitions and clients. */
export function completer(catalog: Catalog): Completer {
  return (text, cursor) => {
    const before = text.slice(0, cursor);
    const start = Math.max(before.lastIndexOf(' '), before.lastIndexOf('('), before.lastIndexOf(',')) + 1;
    const word = before.slice(start);
    const first = before.trimStart().split(/\s/)[0] ?? '';
    const items =
      start === 0 || before.slice(0, start).trim() === ''
        ? verbs()
        : word.startsWith('-')
          ? options(first)
          : (toolValues(catalog, first, before.slice(0, start)) ?? names(catalog));
    return { start, items: items.filter((item) => item.startsWith(word)) };
  };
}

const verbs = (): readonly string[] => [
  ...VERBS.map(({ name }) => name),
  ...QUESTIONS.map(({ name }) => name),
  ...TOOLS.map(({ name }) => name),
];

function options(verb: string): readonly string[] {
  const tool = toolOf(verb);
  if (tool !== undefined) return tool.options.map(({ name }) => (name.length === 1 ? `-${name}` : `--${name}`));
  const known = verbNamed(verb);
  if (known === undefined) return [];
  const own = Object.keys(known.args.shape).filter((name) => name !== known.subject);
  return [...own, 'as', ...(known.fault ? ['during'] : []), 'timeout'].map((name) => `--${name}`);
}

function toolOf(word: string): Tool | undefined {
  return toolNamed(toolCalled(word) ?? '');
}

/** What could stand behind an option of a tool; undefined: the line is no tool's. */
function toolValues(catalog: Catalog, first: string, before: string): readonly string[] | undefined {
  const tool = toolOf(first);
  if (tool === undefined) return undefined;
  const option = /--?([\w.-]+)\s+$/.exec(before)?.[1];
  const completes = tool.options.find(({ name }) => name === option)?.completes;
  switch (completes) {
    case undefined:
      return [];
    case 'topic':
      return [...catalog.topics().keys()];
    case 'group':
      return [...catalog.groups()];
    case 'broker':
      return catalog.brokers().map(String);
    default:
      return completes;
  }
}

function names(catalog: Catalog): readonly string[] {
  const partitions = [...catalog.topics()].flatMap(([topic, count]) =>
    topic.startsWith('__') ? [] : Array.from({ length: count }, (_, partition) => partitionName({ topic, partition })),
  );
  const topics = [...catalog.topics().keys()].filter((topic) => !topic.startsWith('__'));
  return [
    ...new Set([
      ...allNodes(catalog),
      ...partitions,
      ...topics,
      ...SELECTORS.map(({ name }) => name),
      ...VERBS.map(({ name }) => name),
    ]),
  ];
}

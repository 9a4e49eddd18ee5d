/** Where a word behind `:` leads, as in k9s: to a panel, or to the page of a thing by its name. Any other line is the prompt's. */
import type { DashboardView } from '../../tools/view.ts';
import { PANELS } from './panels/index.ts';
import { focused, opened, type Ui, withFilter } from './ui.ts';

export type Place =
  | { readonly kind: 'panel'; readonly name: string }
  /** A key of a page. */
  | { readonly kind: 'page'; readonly key: string }
  | { readonly kind: 'filter'; readonly panel: string; readonly words: string };
export type Jump = Place | { readonly kind: 'help' } | { readonly kind: 'quit' };

/** By panel: its own name leads there too. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  nodes: ['nodes', 'brokers'],
  partitions: ['partitions', 'topics'],
  'steps and expectations': ['steps', 'expectations'],
  'clients and groups': ['clients', 'groups', 'producers', 'consumers'],
  transactions: ['transactions', 'tx'],
  quorum: ['quorum', 'controllers', 'zk', 'znodes'],
  timeline: ['timeline', 'events'],
};

const QUITS: readonly string[] = ['q', 'q!', 'quit', 'exit'];

/** What can be typed there, for completion and help. */
export const JUMPS: readonly string[] = [...Object.values(ALIASES).flat(), 'q'];

export function jumpOf(line: string, view: DashboardView): Jump | undefined {
  const word = line.trim();
  if (QUITS.includes(word)) return { kind: 'quit' };
  if (word === '?' || word === 'help') return { kind: 'help' };
  // The tree, or a znode by its path.
  if (view.quorum.kind === 'zab' && /^(zk|znodes|\/\S*)$/.test(word))
    return { kind: 'page', key: `znode:${word.startsWith('/') ? word : '/'}` };
  const panel = Object.keys(ALIASES).find((name) => ALIASES[name]!.includes(word));
  const shown = PANELS.some(({ name, shown }) => name === panel && shown(view));
  if (panel !== undefined && shown) return { kind: 'panel', name: panel };
  const key = keyNamed(word, view);
  if (key !== undefined) return { kind: 'page', key };
  return view.partitions.some(({ topic }) => topic === word)
    ? { kind: 'filter', panel: 'partitions', words: `${word}-` }
    : undefined;
}

export function jumped(ui: Ui, jump: Place): Ui {
  switch (jump.kind) {
    case 'panel':
      return focused(ui, jump.name);
    case 'page':
      return opened(ui, jump.key);
    case 'filter':
      return withFilter(focused(ui, jump.panel), jump.words);
  }
}

function keyNamed(name: string, view: DashboardView): string | undefined {
  const has = (rows: readonly { readonly name: string }[]): boolean => rows.some((row) => row.name === name);
  if (has(view.nodes)) return `node:${name}`;
  if (has(view.partitions)) return `partition:${name}`;
  if (has(view.groups)) return `group:${name}`;
  if (has(view.producers)) return `client:${name}`;
  if (has(view.outside)) return `outside:${name}`;
  return view.transactions.some(({ id }) => id === name) ? `transaction:${name}` : undefined;
}

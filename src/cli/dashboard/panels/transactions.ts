import type { TransactionRow } from '../../../tools/view.ts';
import type { Panel } from '../panel.ts';
import { keyed, type Line, matches, pad } from '../text.ts';

/** Transactional ids, those in the middle of a transaction first. */
export const transactions: Panel = {
  name: 'transactions',
  side: 'right',
  shown: (view) => view.transactions.length > 0,
  help: 'Enter shows its state, its partitions and what happened lately',
  wish: (view) => view.transactions.length,
  lines: (view, { filter }) => view.transactions.filter(({ id, state }) => matches(filter, `${id} ${state}`)).map(line),
};

function line({ id, state, epoch, committed, aborted, fenced }: TransactionRow): Line {
  const open = !/^(Empty|Complete)/.test(state);
  return keyed(`transaction:${id}`, [
    { text: open ? '▸ ' : '● ', tone: open ? 'warn' : 'good' },
    { text: `${pad(id, 14)} ` },
    { text: pad(state, 15), ...(open ? { tone: 'warn' as const } : {}) },
    { text: ` epoch ${epoch}  committed ${committed}  aborted ${aborted}` },
    { text: fenced === 0 ? '' : `  fenced ${fenced}`, tone: 'warn' },
  ]);
}

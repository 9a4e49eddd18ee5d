/** What Tab does to a line: complete the only candidate, extend to what all share, or show them all. */
import type { Completer, Completion } from '../../tools/complete.ts';

export interface Menu extends Completion {
  /** The chosen item; -1 while none is. */
  readonly index: number;
}

/** The part of a line that completion reads and writes. */
interface Completable {
  readonly text: string;
  readonly cursor: number;
  readonly menu: Menu | undefined;
}

export function completeLine<State extends Completable>(state: State, complete: Completer, step: 1 | -1): State {
  if (state.menu !== undefined) return choose(state, state.menu, step);
  const completion = complete(state.text, state.cursor);
  const { start, items } = completion;
  if (items.length === 0) return state;
  const typed = state.text.slice(start, state.cursor);
  const only = items.length === 1;
  // What ends with a sign goes on behind it.
  const shared = only ? `${items[0]!}${/[.(=]$/.test(items[0]!) ? '' : ' '}` : commonPrefix(items);
  if (!only && shared.length <= typed.length) return { ...state, menu: { ...completion, index: -1 } };
  const head = state.text.slice(0, start) + shared;
  const tail = state.text.slice(state.cursor);
  return { ...state, text: head + (only ? tail.trimStart() : tail), cursor: head.length };
}

function choose<State extends Completable>(state: State, menu: Menu, step: 1 | -1): State {
  const count = menu.items.length;
  const index = menu.index < 0 ? (step > 0 ? 0 : count - 1) : (menu.index + step + count) % count;
  const text = state.text.slice(0, menu.start) + menu.items[index]!;
  return { ...state, text, cursor: text.length, menu: { ...menu, index } };
}

function commonPrefix(items: readonly string[]): string {
  let common = items[0] ?? '';
  for (const item of items) while (!item.startsWith(common)) common = common.slice(0, -1);
  return common;
}

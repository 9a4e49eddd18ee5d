/** Long runs of messages that say nothing new become one row. */
import type { ChatterRow, MarkRow, MessageRow, Row } from './diagram.ts';

/** A shorter run is shown as it is. */
const SHORTEST_RUN = 3;
/** What goes on all the time. */
const ROUTINE = new Set(['Fetch', 'Produce', 'OffsetCommit', 'TxnOffsetCommit', 'AddPartitionsToTxn', 'ping', 'PING']);
/** So often the same is told before it is nothing new any more: of what goes on all the time, and of all else. */
const TOLD_ROUTINE = 2;
const TOLD = 8;
const MOST_NAMES = 4;

export interface Judgement {
  readonly isIdle: (message: number) => boolean;
  readonly isRelated: (message: number) => boolean;
}

export function collapsed(rows: readonly (MessageRow | MarkRow)[], judge: Judgement): readonly Row[] {
  const result: Row[] = [];
  const dull = dullness(judge);
  let run: MessageRow[] = [];
  const endRun = (): void => {
    if (run.length < SHORTEST_RUN) result.push(...run);
    else result.push(chatter(run, judge));
    run = [];
  };
  for (const row of rows) {
    if (row.kind === 'message' && dull(row)) run.push(row);
    else {
      endRun();
      result.push(row);
    }
  }
  endRun();
  return result;
}

/** Whether a row says nothing, or what was said a few times before. */
function dullness({ isIdle, isRelated }: Judgement): (row: MessageRow) => boolean {
  const told = new Map<string, number>();
  return ({ name, role, from, to, bad, ending, message }) => {
    if (bad || ending !== 'arrives') return false;
    if (isIdle(message)) return true;
    const key = `${name} ${role} ${from} ${to}`;
    const times = (told.get(key) ?? 0) + 1;
    told.set(key, times);
    return times > (ROUTINE.has(name) && !isRelated(message) ? TOLD_ROUTINE : TOLD);
  };
}

function chatter(run: readonly MessageRow[], { isIdle }: Judgement): ChatterRow {
  const counts = new Map<string, number>();
  for (const { name } of run) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const named = ranked.slice(0, MOST_NAMES).map(([name, count]) => `${count} ${name}`);
  const others = ranked.slice(MOST_NAMES).reduce((sum, [, count]) => sum + count, 0);
  if (others > 0) named.push(`${others} more`);
  return {
    kind: 'chatter',
    atUs: run[0]!.atUs,
    toUs: run.at(-1)!.atUs,
    count: run.length,
    text: `${named.join(', ')}${run.every(({ message }) => isIdle(message)) ? ': nothing new' : ' as before'}`,
  };
}

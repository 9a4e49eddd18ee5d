/** The answer to `why SUBJECT`. */
import type { Cluster } from '../../cluster/cluster.ts';
import { chainLines, momentText, readingLines } from './answer.ts';
import { chainOf } from './chain.ts';
import type { History } from './history.ts';
import { settingOf } from './settings.ts';
import { type Asked, find } from './subject.ts';
import type { Why } from './telling.ts';

export function whyOf(cluster: Cluster, history: History, author: string): Why {
  return {
    history,
    author,
    zeroUs: cluster.zeroUs ?? 0,
    setting: (owner, name) => settingOf(cluster, owner, name),
  };
}

/** Values that were so from the deciding event on; others moved since then. */
const LASTING =
  /\.(leader|epoch|isr|replicas|elr|state|id|generation|members|coordinator|lastError|exists)(\.size)? is /;

/** Lines; throws `ExpressionError` for a value that means nothing. */
export function answer(subject: string, asked: Asked, why: Why): readonly string[] {
  const { head, deciding } = find(subject, asked, why);
  if (deciding === undefined) return [head];
  const hops = chainOf(deciding, why);
  const event = hops[0]?.event;
  const moment = event === undefined ? '' : momentText(event.atUs - why.zeroUs).replace(/^at /, 'the ');
  const since = moment !== '' && LASTING.test(head) ? `, since ${moment}` : '';
  return [`${head}${since}`, ...chainLines(hops, why), ...readingLines(hops)];
}

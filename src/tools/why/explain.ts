/** The answer to `why SUBJECT`. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { RunChecker } from '../../cluster/ports.ts';
import { chainLines, momentText, readingLines } from './answer.ts';
import { storyOf } from './chain.ts';
import type { History } from './history.ts';
import { settingOf } from './settings.ts';
import { type Asked, find } from './subject.ts';
import type { Why } from './telling.ts';

export function whyOf(cluster: Cluster, history: History, author: string, checker: RunChecker | undefined): Why {
  return {
    history,
    entries: (outcome) => {
      const entries = checker?.entries(Number.MAX_SAFE_INTEGER) ?? [];
      return outcome === undefined ? entries : entries.filter((entry) => entry.outcome === outcome);
    },
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
  const { head, causes, remark } = find(subject, asked, why);
  const told = remark === undefined || remark === '' ? head : `${head} (${remark})`;
  if (causes.length === 0) return [told];
  const hops = storyOf(causes, why);
  const event = hops[0]?.event;
  const moment = event === undefined ? '' : momentText(event.atUs - why.zeroUs).replace(/^at /, 'the ');
  const since = moment !== '' && remark === undefined && LASTING.test(head) ? `, since ${moment}` : '';
  return [`${told}${since}`, ...chainLines(hops, why), ...readingLines(hops)];
}

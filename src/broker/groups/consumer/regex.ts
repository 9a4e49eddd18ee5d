/**
 * Subscriptions by regular expression (version 1 of the heartbeat, KIP-848). Kafka reads them with RE2/J, kzsim with JavaScript's
 * RegExp: both take the usual syntax, and a pattern must match the whole name. What RE2 lacks is refused here too (look-around,
 * back references); `\\A`, `\\z`, `\\Q…\\E`, POSIX classes like `[[:alpha:]]` and inline flags other than a leading `(?i)` or `(?s)`
 * are RE2's alone, and refused as well.
 *
 * A pattern is resolved some time after the heartbeat that brought it, and matches nothing until then.
 */
import type { GroupShard } from '../shard.ts';
import type { TopicLookup } from '../topic-lookup.ts';
import { type LiveGroup, Step } from './live-group.ts';
import { metadataHash } from './targets.ts';

/** How often topics that come or go are looked for on behalf of patterns (`GroupMetadataManager.REGEX_BATCH_REFRESH_MIN_INTERVAL_MS`). */
const REFRESH_MIN_INTERVAL_MS = 10_000;

const NOT_RE2 = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;
const RE2_ALONE = /\\[AzQE]|\[\[:/;

/** Null: not a pattern that is understood. */
export function patternOf(regex: string): RegExp | null {
  if (NOT_RE2.test(regex) || RE2_ALONE.test(regex)) return null;
  const flagged = /^\(\?([is]+)\)(.*)$/s.exec(regex);
  try {
    return new RegExp(
      `^(?:${flagged?.[2] ?? regex})$`,
      `u${flagged === null ? '' : [...new Set(flagged[1])].join('')}`,
    );
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

/** Arms the resolution of a group's patterns, if any is new, or topics came or went since the last time. */
export function scheduleRegexes(shard: GroupShard, live: LiveGroup, lookup: TopicLookup): void {
  const { group } = live;
  if (live.regexTimer.pending !== null) return;
  const used = usedRegexes(live);
  if (used.size === 0) return;
  const isNew = [...used].some((regex) => !group.regexes.has(regex));
  const sinceMs = shard.world.wallMs() - live.resolvedAtMs;
  const isOld = lookup.version() !== live.resolvedVersion || sinceMs >= shard.settings.regexRefreshMs;
  if (!isNew && (!isOld || sinceMs <= REFRESH_MIN_INTERVAL_MS)) return;
  shard.arm(live.regexTimer, 0, { kind: 'consumer-regex', groupId: group.groupId, lookup });
}

export function usedRegexes({ group }: LiveGroup): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { regex } of group.members.values()) if (regex !== null) used.add(regex);
  return used;
}

/** Writes what the patterns match; a new result is a new input of the assignment. */
export function resolveRegexes(shard: GroupShard, live: LiveGroup, lookup: TopicLookup): void {
  live.regexTimer.pending = null;
  const { group } = live;
  const step = new Step(shard, live);
  live.resolvedAtMs = shard.world.wallMs();
  live.resolvedVersion = lookup.version();
  let changed = false;
  for (const regex of usedRegexes(live)) {
    const pattern = patternOf(regex)!;
    const topics = [...lookup.names()].filter((name) => pattern.test(name)).sort();
    const before = group.regexes.get(regex);
    if (before !== undefined && before.join() === topics.join()) continue;
    changed = true;
    const value = { topics, version: lookup.version(), timestamp: live.resolvedAtMs };
    step.put({ kind: 'consumer-regex', group: group.groupId, regex, value });
  }
  if (changed) step.bump('the topics that a regular expression matches changed', metadataHash(group, lookup));
  step.commit('a regular expression was resolved', () => {});
}

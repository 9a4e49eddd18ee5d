/** Walks from an event to what decided it, hop by hop, until a fault, a command or a configuration ends it. */
import type { TraceEvent } from '../../kernel/api.ts';
import { type Cause, isEvent, type NamedSetting, type Telling, type Why } from './telling.ts';
import { TELLINGS } from './tellings/index.ts';

/** Chains are short; this is against rules that would lead in a circle. */
const MOST_HOPS = 16;

export interface Hop {
  /** Undefined: a last word without an event of its own. */
  readonly event: TraceEvent | undefined;
  readonly sentence: string;
  readonly settings: readonly NamedSetting[];
  readonly read: string | undefined;
  /** Time since what is behind it, in microseconds. */
  readonly lostUs: number;
}

/** From what decided it to its first cause. Causes are earlier events by rule: a chain always ends. */
export function chainOf(first: Exclude<Cause, undefined>, why: Why): readonly Hop[] {
  const hops: Hop[] = [];
  let cause: Cause = first;
  while (cause !== undefined && hops.length < MOST_HOPS) {
    if (!isEvent(cause)) {
      hops.push({
        event: undefined,
        sentence: cause.ending,
        settings: cause.settings ?? [],
        read: undefined,
        lostUs: 0,
      });
      break;
    }
    const event: TraceEvent = cause;
    const telling: Telling | undefined = TELLINGS[event.kind.name];
    if (telling === undefined) break;
    const behind: Cause = telling.cause(event, why);
    const earlier = isEvent(behind) && behind.id < event.id ? behind : undefined;
    hops.push({
      event,
      sentence: telling.say(event, why),
      settings: telling.settings?.(event, why) ?? [],
      read: telling.read,
      lostUs: earlier === undefined ? 0 : event.atUs - earlier.atUs,
    });
    cause = isEvent(behind) ? earlier : behind;
  }
  return hops;
}

/** Walks from an event to what decided it, hop by hop, until a fault, a command or a configuration ends it. */
import type { EventId, TraceEvent } from '../../kernel/api.ts';
import { type Cause, isEvent, type NamedSetting, type Telling, type Why } from './telling.ts';
import { TELLINGS } from './tellings/index.ts';

/** Chains are short; this is against rules that would lead in a circle. */
const MOST_HOPS = 16;
/** Of what else it took, so many are told. */
const MOST_MORE = 4;

export interface Hop {
  /** Undefined: a last word without an event of its own. */
  readonly event: TraceEvent | undefined;
  /** How it goes with the hop before: the first of all, behind it, or one more thing that was needed. */
  readonly joint: 'first' | 'because' | 'and';
  readonly sentence: string;
  readonly settings: readonly NamedSetting[];
  readonly read: string | undefined;
  /** Time since what is behind it, in microseconds. */
  readonly lostUs: number;
}

type Told = Exclude<Cause, undefined>;

/** The chain behind the first, then those of the others and of what else a hop took; nothing is told twice. */
export function storyOf(causes: readonly Told[], why: Why): readonly Hop[] {
  const hops: Hop[] = [];
  const told = new Set<EventId>();
  const waiting = [...causes];
  let more = 0;
  for (let cause = waiting.shift(); cause !== undefined && more <= MOST_MORE; cause = waiting.shift()) {
    if (isEvent(cause) && told.has(cause.id)) continue;
    const chain = chainOf(cause, why, hops.length === 0 ? 'first' : 'and', told);
    hops.push(...chain);
    more += 1;
    for (const { event } of chain)
      if (event !== undefined) waiting.push(...(TELLINGS[event.kind.name]?.also?.(event, why) ?? []));
  }
  return hops;
}

/** From what decided it to its first cause. Causes are earlier events by rule: a chain always ends. */
function chainOf(first: Told, why: Why, joint: Hop['joint'], told: Set<EventId>): readonly Hop[] {
  const hops: Hop[] = [];
  const jointOf = (): Hop['joint'] => (hops.length === 0 ? joint : 'because');
  let cause: Cause = first;
  while (cause !== undefined && hops.length < MOST_HOPS) {
    if (!isEvent(cause)) {
      const { ending, settings = [] } = cause;
      hops.push({ event: undefined, joint: jointOf(), sentence: ending, settings, read: undefined, lostUs: 0 });
      break;
    }
    const event: TraceEvent = cause;
    const telling: Telling | undefined = TELLINGS[event.kind.name];
    if (telling === undefined || told.has(event.id)) break;
    told.add(event.id);
    const behind: Cause = telling.cause(event, why);
    const earlier = isEvent(behind) && behind.id < event.id ? behind : undefined;
    hops.push({
      event,
      joint: jointOf(),
      sentence: telling.say(event, why),
      settings: telling.settings?.(event, why) ?? [],
      read: telling.read,
      lostUs: earlier === undefined ? 0 : event.atUs - earlier.atUs,
    });
    cause = isEvent(behind) ? earlier : behind;
  }
  return hops;
}

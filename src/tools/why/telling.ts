/** How an event is told: its sentence, what decided it, and where to read on. */
import type { LedgerEntry } from '../../cluster/ports.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import type { History } from './history.ts';

/** What a telling may look at. */
export interface Why {
  readonly history: History;
  /** World time of the scenario's time 0. */
  readonly zeroUs: number;
  /** Who gave the commands: `you typed`, or `the scenario says`. */
  readonly author: string;
  /** Records that went astray, or those with one outcome; all that are known by now. */
  entries(outcome?: string): readonly LedgerEntry[];
  /** The value of a setting as it holds for a node, a topic or a client, as text; null if nobody knows it. */
  setting(owner: Owner, name: string): string | null;
}

/** Whose setting: any broker's, a topic's, a client's. */
export type Owner =
  | { readonly kind: 'broker' }
  | { readonly kind: 'topic'; readonly name: string }
  | { readonly kind: 'client'; readonly name: string };

export interface NamedSetting {
  readonly owner: Owner;
  readonly name: string;
}

/** What lies behind an event: an earlier event, or a last word (a configuration, the beginning of all). */
export type Cause = TraceEvent | { readonly ending: string; readonly settings?: readonly NamedSetting[] } | undefined;

/** What made a value what it is. */
export interface Decision {
  /** What decided it, then what else it took. */
  readonly causes: readonly Exclude<Cause, undefined>[];
  /** What the value alone does not say. */
  readonly remark?: string | undefined;
}

export interface Telling {
  /** A short sentence without a full stop. */
  say(event: TraceEvent, why: Why): string;
  /** Undefined: the trace knows none, or none is needed (a command). */
  cause(event: TraceEvent, why: Why): Cause;
  /** What else it took, the latest first: each is told with its own chain behind the others. */
  also?(event: TraceEvent, why: Why): readonly TraceEvent[];
  /** The settings that decided when it happened, or whether. */
  settings?(event: TraceEvent, why: Why): readonly NamedSetting[];
  /** Kafka's own words on it: a KIP, or a chapter. */
  readonly read?: string;
}

export type Tellings = Readonly<Record<string, Telling>>;

export const ofBroker = (name: string): NamedSetting => ({ owner: { kind: 'broker' }, name });
export const ofTopic = (topic: string, name: string): NamedSetting => ({ owner: { kind: 'topic', name: topic }, name });
export const ofClient = (client: string, name: string): NamedSetting => ({
  owner: { kind: 'client', name: client },
  name,
});

/** `orders` of `orders-0`. */
export const topicOf = (partition: string): string => partition.slice(0, partition.lastIndexOf('-'));

export function isEvent(cause: Cause): cause is TraceEvent {
  return cause !== undefined && 'kind' in cause;
}

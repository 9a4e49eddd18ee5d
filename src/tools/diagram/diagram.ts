/** A sequence diagram as plain values: whoever draws it, in letters or as a picture, decides nothing about it. */
import type { EventId } from '../../kernel/api.ts';
import type { MessageRole } from '../messages/summary.ts';
import type { Tone } from '../view.ts';

export interface Lane {
  readonly name: string;
}

/** How an arrow ends. */
export type Ending =
  /** Soon after it was sent: one row tells both. */
  | 'arrives'
  /** It was sent, and arrives in another row or after the stretch. */
  | 'leaves'
  /** It was sent in another row or before the stretch. */
  | 'comes'
  /** It never arrives. */
  | 'lost'
  /** It has not got through so far. */
  | 'stuck';

export interface MessageRow {
  readonly kind: 'message';
  /** World time. */
  readonly atUs: number;
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly text: string;
  /** What became of it, where that is not as usual. */
  readonly note: string;
  readonly role: MessageRole;
  readonly ending: Ending;
  readonly bad: boolean;
  /** Number of the message: a slow one has two rows. */
  readonly message: number;
  /** What it was sent because of. */
  readonly cause: EventId;
}

/** Something happened at a node. */
export interface MarkRow {
  readonly kind: 'mark';
  readonly atUs: number;
  /** -1: to none of the lanes, or to all. */
  readonly lane: number;
  readonly event: EventId;
  readonly eventKind: string;
  readonly text: string;
  readonly tone: Tone;
  /** So many more like it at the same moment. */
  readonly more: number;
  /** The diagram is around it. */
  readonly focus: boolean;
}

/** Messages that say nothing new, in one row. */
export interface ChatterRow {
  readonly kind: 'chatter';
  readonly atUs: number;
  readonly toUs: number;
  readonly count: number;
  readonly text: string;
}

export type Row = MessageRow | MarkRow | ChatterRow;

export interface Diagram {
  readonly title: string;
  readonly zeroUs: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
  /** For each lane the moments at which its process began (true) or ended to run, from before the stretch on. */
  readonly lives: readonly (readonly Life[])[];
  /** What is left out, and how to see it. */
  readonly notes: readonly string[];
}

export interface Life {
  readonly atUs: number;
  readonly runs: boolean;
}

/** Whether the process of a lane runs at a moment. */
export function runsAt(lives: readonly Life[], atUs: number): boolean {
  let runs = true;
  for (const life of lives) if (life.atUs <= atUs) runs = life.runs;
  return runs;
}

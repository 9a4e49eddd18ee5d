/**
 * The journal of a live run: what the host handed into the world, and when. With the options of its cluster it is all that a run is a
 * function of. NDJSON: a header, one line an input, and a last line with what came of it.
 */
import type { ClusterOptions } from '../cluster/options.ts';

export const JOURNAL_VERSION = 1;

/** What the host may do to a world. */
export type Input =
  /** A real client connected to a listener of a broker; `connection` counts them from 1. */
  | { readonly kind: 'open'; readonly connection: number; readonly broker: string; readonly listener: string }
  /** It sent a whole request. */
  | { readonly kind: 'frame'; readonly connection: number; readonly frame: Uint8Array }
  /** It sent what cannot be a request. */
  | { readonly kind: 'refuse'; readonly connection: number; readonly reason: string }
  /** It closed its side (FIN) with requests that have no answer yet; `finish` follows when they do. */
  | { readonly kind: 'shut'; readonly connection: number }
  /** It closed its side (FIN). */
  | { readonly kind: 'finish'; readonly connection: number }
  /** It broke the connection (RST). */
  | { readonly kind: 'abort'; readonly connection: number }
  /** A line was entered at the prompt. */
  | { readonly kind: 'line'; readonly text: string };

export interface JournalHeader {
  readonly kzsim: string;
  readonly options: ClusterOptions;
}

/** How a run ended. */
export type JournalEnd =
  | { readonly kind: 'end'; readonly atUs: number; readonly events: number; readonly hash: string }
  /** kzsim itself broke down. */
  | { readonly kind: 'failure'; readonly atUs: number; readonly message: string };

/** How the host writes bytes as text. */
export interface Base64 {
  encode(bytes: Uint8Array): string;
  /** Null: it is not base64. */
  decode(text: string): Uint8Array | null;
}

export function headerLine({ kzsim, options }: JournalHeader): string {
  return JSON.stringify({ journal: 'kzsim', version: JOURNAL_VERSION, kzsim, options });
}

export function endLine(end: JournalEnd): string {
  const { atUs: t, kind } = end;
  if (kind === 'failure') return JSON.stringify({ t, in: kind, message: end.message });
  return JSON.stringify({ t, in: kind, events: end.events, hash: end.hash });
}

export function inputLine(atUs: number, input: Input, base64: Base64): string {
  switch (input.kind) {
    case 'open':
      return JSON.stringify({
        t: atUs,
        in: 'open',
        c: input.connection,
        broker: input.broker,
        listener: input.listener,
      });
    case 'frame':
      // The hot path: nothing in it needs escaping.
      return `{"t":${atUs},"in":"frame","c":${input.connection},"bytes":"${base64.encode(input.frame)}"}`;
    case 'refuse':
      return JSON.stringify({ t: atUs, in: 'refuse', c: input.connection, reason: input.reason });
    case 'shut':
    case 'finish':
    case 'abort':
      return JSON.stringify({ t: atUs, in: input.kind, c: input.connection });
    case 'line':
      return JSON.stringify({ t: atUs, in: 'line', text: input.text });
  }
}

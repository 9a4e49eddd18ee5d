import { type Reply, resolvedBy } from './session.ts';

/** A reply for programs. */
export interface ReplyObject {
  readonly text: string;
  readonly ok: boolean;
  /** Virtual time since the cluster was ready, when it ended. */
  readonly atMs: number;
  /** What a person reads. */
  readonly lines: readonly string[];
  /** Nodes and things that the line met. */
  readonly resolved: readonly string[];
  /** The same as values, where there is more to tell than lines. */
  readonly data?: unknown;
  /** Why something that was expected did not come. */
  readonly causes?: readonly string[];
}

/** Under `-o json`, and in answers to `kzsim ctl --json`. */
export function replyObject(text: string, { ok, lines, end, data, causes }: Reply, timeUs: number): ReplyObject {
  return {
    text,
    ok,
    atMs: timeUs / 1000,
    lines,
    resolved: resolvedBy(end),
    ...(data !== undefined && { data }),
    ...(causes !== undefined && { causes }),
  };
}

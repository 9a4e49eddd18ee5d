/** What is said over a control socket: one JSON object a line, a question and its answer. */

export type ControlRequest =
  /** A line as the prompt takes it. */
  | { readonly do: 'run'; readonly line: string }
  | { readonly do: 'status' }
  | { readonly do: 'env' }
  /** Ends the cluster. */
  | { readonly do: 'down' };

export interface ControlAnswer {
  readonly ok: boolean;
  readonly lines: readonly string[];
  /** The same for programs, where there is one. */
  readonly data?: unknown;
}

/** What a running cluster does for those who ask. */
export interface ControlTarget {
  run(line: string): Promise<ControlAnswer>;
  /** `ok`: healthy. */
  status(): ControlAnswer;
  env(): ControlAnswer;
  /** `ok`: no invariant was violated. What it says is sent before the cluster ends. */
  down(): ControlAnswer;
  /** The answer to `down` has left: end now. */
  end(): void;
}

/** Reads a question; undefined where it is none. */
export function readRequest(text: string): ControlRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('do' in value)) return undefined;
  if (value.do === 'run')
    return 'line' in value && typeof value.line === 'string' ? { do: 'run', line: value.line } : undefined;
  return value.do === 'status' || value.do === 'env' || value.do === 'down' ? { do: value.do } : undefined;
}

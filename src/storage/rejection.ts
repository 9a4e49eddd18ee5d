import type { Compression } from '../protocol/ports.ts';
import type { AppendResult, LogConfig } from './api.ts';

/** An append that a leader refuses, as a value. */
export type Rejection = Extract<AppendResult, { kind: 'rejected' }>;
type RecordErrors = Rejection['recordErrors'];

/** What the rules of one log depend on. */
export interface Rules {
  readonly name: string;
  readonly config: LogConfig;
  readonly compression: Compression | undefined;
}

const NO_RECORD_ERRORS: RecordErrors = [];

export function rejection(error: number, message: string, recordErrors = NO_RECORD_ERRORS): Rejection {
  return { kind: 'rejected', error, message, recordErrors };
}

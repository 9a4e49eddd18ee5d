import type { LogHost } from './api.ts';
import type { FileReplacer } from './file-replacer.ts';

/** What the logs of one directory share. */
export interface LogEnvironment {
  readonly host: LogHost;
  readonly files: FileReplacer;
  /** What changed since the directory's checkpoints were written: an idle broker need not write them again. */
  /** Logs that have once let go of segments because their memory is bounded. */
  readonly bounded: Set<string>;
  readonly changed: { highWatermarks: boolean; recoveryPoints: boolean };
}

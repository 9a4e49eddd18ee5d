import type { LogHost } from './api.ts';
import type { FileReplacer } from './file-replacer.ts';

/** What the logs of one directory share. */
export interface LogEnvironment {
  readonly host: LogHost;
  readonly files: FileReplacer;
  /** What changed since the directory's checkpoints were written: an idle broker need not write them again. */
  readonly changed: { highWatermarks: boolean; recoveryPoints: boolean };
}

import { closeSync, openSync, writeSync } from 'node:fs';
import type { TraceEvent } from '../../kernel/api.ts';
import { eventObject } from '../../tools/event-object.ts';
import { CouldNotRun } from '../errors.ts';

const FLUSH_AT = 1 << 16;

/** Every event of a run as one JSON object a line. Times count from the beginning of the world. */
export class TraceFile {
  readonly #descriptor: number;
  #pending = '';

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  static open(path: string): TraceFile {
    try {
      return new TraceFile(openSync(path, 'w'));
    } catch (thrown) {
      throw new CouldNotRun(`--trace ${path}: it cannot be written (${(thrown as NodeJS.ErrnoException).code})`);
    }
  }

  readonly write = (event: TraceEvent): void => {
    this.#pending += `${JSON.stringify(eventObject(event, 0))}\n`;
    if (this.#pending.length >= FLUSH_AT) this.#flush();
  };

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    writeSync(this.#descriptor, this.#pending);
    this.#pending = '';
  }
}

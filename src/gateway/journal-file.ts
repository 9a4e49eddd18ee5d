/** A journal on the host's disk: written as the run goes, so that it is whole up to the moment when a process is killed. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import {
  type Base64,
  endLine,
  headerLine,
  type Input,
  inputLine,
  type JournalEnd,
  type JournalHeader,
} from '../scenario/journal.ts';

const CHUNK_BYTES = 1 << 18;

export const base64: Base64 = {
  encode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  decode(text) {
    const bytes = Buffer.from(text, 'base64');
    return bytes.toString('base64') === text ? bytes : null;
  },
};

/** The host's file cannot be written or read. */
export class JournalFileError extends Error {
  readonly path: string;

  constructor(path: string, doing: string, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
    super(`${path}: it cannot be ${doing} (${String(code)})`);
    this.name = 'JournalFileError';
    this.path = path;
  }
}

export class JournalWriter {
  readonly #path: string;
  readonly #descriptor: number;
  #pending: string[] = [];
  #pendingLength = 0;
  #open = true;

  private constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  /** Throws `JournalFileError`. */
  static create(path: string): JournalWriter {
    try {
      return new JournalWriter(path, openSync(path, 'w'));
    } catch (thrown) {
      throw new JournalFileError(path, 'written', thrown);
    }
  }

  header(header: JournalHeader): void {
    this.#add(headerLine(header));
    this.flush();
  }

  input(atUs: number, input: Input): void {
    if (this.#open) this.#add(inputLine(atUs, input, base64));
  }

  /** Hands to the operating system what was written: a process that is killed loses nothing of it. Throws `JournalFileError`, once. */
  flush(): void {
    if (this.#pendingLength === 0 || !this.#open) return;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#pendingLength = 0;
    try {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    } catch (thrown) {
      this.#close();
      throw new JournalFileError(this.#path, 'written any further', thrown);
    }
  }

  /** Throws `JournalFileError`. */
  end(end: JournalEnd): void {
    if (!this.#open) return;
    this.#add(endLine(end));
    this.flush();
    this.#close();
  }

  #add(line: string): void {
    this.#pending.push(line, '\n');
    this.#pendingLength += line.length;
  }

  #close(): void {
    this.#open = false;
    closeSync(this.#descriptor);
  }
}

/** The lines of a file that end with a line feed, and then what is left behind the last of them, if anything. Throws `JournalFileError`. */
export function* linesOf(path: string): Generator<{ readonly text: string; readonly whole: boolean }> {
  const descriptor = guarded(path, () => openSync(path, 'r'));
  try {
    const decoder = new StringDecoder('utf8');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let parts: string[] = [];
    for (;;) {
      const length = guarded(path, () => readSync(descriptor, chunk));
      const text = length === 0 ? decoder.end() : decoder.write(chunk.subarray(0, length));
      const lines = text.split('\n');
      const last = lines.pop()!;
      for (const line of lines) {
        parts.push(line);
        yield { text: parts.join(''), whole: true };
        parts = [];
      }
      parts.push(last);
      if (length > 0) continue;
      const rest = parts.join('');
      if (rest !== '') yield { text: rest, whole: false };
      return;
    }
  } finally {
    closeSync(descriptor);
  }
}

function guarded<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw new JournalFileError(path, 'read', thrown);
  }
}

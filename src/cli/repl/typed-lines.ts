/**
 * What becomes of the lines that a person enters. Most run at once, also while another waits; those of a pasted block run one after another; some belong
 * to the line before them, and some are read by a tool, as by `kafka-console-producer`. Knows no terminal: the dashboard and the plain prompt share it.
 */
import { waitsForLines } from '../../tools/fed-tools.ts';
import { fedWith, LineReader } from '../../tools/heredoc.ts';
import type { Reply } from '../../tools/session.ts';
import type { EditorEffect } from './line-editor.ts';

export type Entered = Extract<EditorEffect, { kind: 'submit' }>;

export interface LineHost {
  execute(text: string, done: (reply: Reply) => void): void;
  /** What came of a line. */
  told(reply: Reply): void;
}

/** Before a line of one's own, and before a line that belongs to another. */
const LABEL = 'kzsim> ';
const MORE = '> ';

export class TypedLines {
  readonly #host: LineHost;
  readonly #reader = new LineReader();
  /** The tool that reads what is entered. */
  #fed: string | undefined;
  #queue: string[] = [];
  /** A line of a pasted block runs: the next ones wait. */
  #pasteRuns = false;
  #running = 0;

  constructor(host: LineHost) {
    this.#host = host;
  }

  get label(): string {
    return this.reading ? MORE : LABEL;
  }

  /** What is entered now is no line of the prompt: history has nothing to do with it. */
  get reading(): boolean {
    return this.#fed !== undefined || this.#reader.feeding !== undefined;
  }

  enter({ line, text, pasted }: Entered): void {
    if (this.#fed !== undefined) return this.#run(fedWith(this.#fed, [text]), true);
    if (this.#reader.feeding === undefined && waitsForLines(line)) {
      this.#fed = line;
      return;
    }
    const whole = this.#reader.add(this.#reader.feeding === undefined ? line : text);
    if (whole !== undefined) this.#run(whole, pasted || this.#queue.length > 0);
  }

  /** Ctrl-D on an empty line. False: there was nothing to end but the session. */
  end(): boolean {
    if (!this.reading) return false;
    this.#fed = undefined;
    const begun = this.#reader.end();
    if (begun !== undefined) this.#run(begun, true);
    return true;
  }

  /** Ctrl-C on an empty line. False: there was nothing to give up. */
  interrupt(): boolean {
    if (this.reading) {
      this.#fed = undefined;
      this.#reader.end();
      return true;
    }
    if (this.#running === 0) return false;
    this.#queue = [];
    this.#host.execute('cancel', () => {});
    return true;
  }

  #run(text: string, inOrder: boolean): void {
    if (inOrder && this.#pasteRuns) {
      this.#queue.push(text);
      return;
    }
    this.#running += 1;
    if (inOrder) this.#pasteRuns = true;
    this.#host.execute(text, (reply) => {
      this.#running -= 1;
      this.#host.told(reply);
      if (!inOrder) return;
      this.#pasteRuns = false;
      const next = this.#queue.shift();
      if (next !== undefined) this.#run(next, true);
    });
  }
}

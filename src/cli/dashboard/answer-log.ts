/** What the prompt was asked and answered: the newest last, and the latest answer whole, for its page. */
import type { Reply } from '../../tools/session.ts';
import { answerKey, answerLines } from './answers.ts';
import type { Line } from './text.ts';

const MOST_KEPT = 200;
const ECHO = /^> /;

export class AnswerLog {
  lines: readonly string[] = [];
  /** Behind the line that it answers. */
  #latest: readonly string[] = [];

  /** A line is entered; `label`: what stood before it. */
  ask(label: string, line: string): void {
    this.#latest = [label + line];
    this.tell(this.#latest);
  }

  told({ ok, lines }: Reply): void {
    const said = lines.map((text) => (ok ? text : `✗ ${text}`));
    this.#latest = [...this.#latest, ...said];
    this.tell(said);
  }

  /** Unasked. */
  tell(lines: readonly string[]): void {
    this.lines = [...this.lines, ...lines].slice(-MOST_KEPT);
  }

  clear(): void {
    this.lines = [];
  }

  /** The latest answer, on a page of its own. */
  page(columns: number): readonly Line[] {
    return answerLines(this.#latest, columns);
  }

  /** The key of that page. */
  get pageKey(): string {
    return answerKey((this.#latest[0] ?? '').replace(ECHO, ''));
  }
}

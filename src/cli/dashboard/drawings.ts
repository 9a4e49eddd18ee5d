/** Diagrams that pages show: drawn when they are first looked at, and anew while their stretch of time is not over. */
import type { Diagram } from '../../tools/diagram/diagram.ts';
import { type DiagramOptions, readDiagramOptions } from '../../tools/diagram/options.ts';
import { textLines } from '../../tools/diagram/text.ts';
import { diagramWords } from '../../tools/questions/diagram.ts';
import { isMistake, mistakeText } from '../../tools/session.ts';
import { paragraph } from './details/detail.ts';
import type { Line } from './text.ts';

/** Draws, now or after the run was executed again; calls back with why where it cannot. Throws for what cannot be meant. */
export type Draw = (options: DiagramOptions, done: (drawn: Diagram | string) => void) => void;

/** What a page holds: more than anybody reads, so that one can scroll in time. */
const PAGE_ROWS = '400';
/** Of an event; in a busy cluster, where so many messages are not kept, the next one. */
const PAGE_SPANS: readonly string[] = ['2s', '200ms', '20ms'];
/** A stretch that is not over is drawn anew this often, in virtual time; and once more when answers had time to come. */
const ANEW_US = 500_000;
const AFTERWARDS_US = 1_000_000;
const MOST_KEPT = 20;
const NARROWEST = 40;

const WAITING: readonly Line[] = [[{ text: '  the run is executed again up to there …', tone: 'dim' }]];

interface Drawing {
  drawn: Diagram | string | undefined;
  /** How it looks. */
  lines: readonly Line[];
  waits: boolean;
  /** World time at which it was asked for. */
  askedUs: number;
}

export class Drawings {
  readonly #draw: Draw;
  readonly #nowUs: () => number;
  readonly #kept = new Map<string, Drawing>();

  constructor(draw: Draw, nowUs: () => number) {
    this.#draw = draw;
    this.#nowUs = nowUs;
  }

  /** `about`: what stands behind `diagram` at the prompt, or `#1234` alone. */
  lines(about: string, columns: number): readonly Line[] {
    return this.#drawing(about, columns).lines;
  }

  #drawing(about: string, columns: number): Drawing {
    const key = `${columns} ${about}`;
    let drawing = this.#kept.get(key);
    if (drawing === undefined) {
      drawing = { drawn: undefined, lines: WAITING, waits: false, askedUs: Number.NEGATIVE_INFINITY };
      if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
      this.#kept.set(key, drawing);
    }
    if (!drawing.waits && this.#isStale(drawing)) this.#ask(drawing, about, columns);
    return drawing;
  }

  #isStale({ drawn, askedUs }: Drawing): boolean {
    const nowUs = this.#nowUs();
    if (drawn === undefined) return true;
    if (typeof drawn === 'string') return nowUs - askedUs >= AFTERWARDS_US;
    return askedUs < drawn.toUs + AFTERWARDS_US && nowUs - askedUs >= ANEW_US;
  }

  #ask(drawing: Drawing, about: string, columns: number, attempt = 0): void {
    drawing.waits = true;
    drawing.askedUs = this.#nowUs();
    const isEvent = /^#\d+$/.test(about);
    const done = (drawn: Diagram | string): void => {
      if (typeof drawn === 'string' && isEvent && attempt + 1 < PAGE_SPANS.length)
        return this.#ask(drawing, about, columns, attempt + 1);
      drawing.waits = false;
      drawing.drawn = drawn;
      drawing.lines =
        typeof drawn === 'string' ? paragraph(drawn, columns) : textLines(drawn, { columns, ascii: false });
    };
    const defaults = ['--width', String(Math.max(NARROWEST, columns)), '--rows', PAGE_ROWS];
    const words = isEvent ? ['--span', PAGE_SPANS[attempt]!, '--around', about] : diagramWords(about);
    try {
      // What is typed later goes before.
      this.#draw(readDiagramOptions([...defaults, ...words]), done);
    } catch (thrown) {
      if (!isMistake(thrown)) throw thrown;
      done(mistakeText(thrown));
    }
  }
}

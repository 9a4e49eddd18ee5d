import { EventEmitter } from 'node:events';

const ESCAPE = '\u001b[';

/** No text has this character: it is private. */
const SAME = '\ue0ff';

/** A line in the place of so many that are as they were in the frame before: Ink need not work them out again. */
export const sameRows = (count: number): string => `${SAME}${count}`;

/**
 * A standard output for Ink, to which every write is one whole frame. Only lines that changed are painted, each at its own
 * place, inside a synchronized update; so nothing flickers, and the scrollback is never wiped.
 */
export class FrameSink extends EventEmitter {
  readonly isTTY = true;
  readonly #out: NodeJS.WriteStream;
  readonly #leastMs: number;
  /** What the terminal shows. */
  #painted: readonly string[] = [];
  /** The latest frame. */
  #frame: readonly string[] = [];
  #fresh = false;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;
  #paused = false;
  /** What stands on the terminal is of another size. */
  #stale = false;
  #drains = false;

  constructor(out: NodeJS.WriteStream, framesPerSecond: number) {
    super();
    this.#out = out;
    this.#leastMs = 1000 / framesPerSecond;
    out.on('resize', this.#resized);
  }

  get columns(): number {
    return this.#out.columns || 80;
  }

  get rows(): number {
    return this.#out.rows || 24;
  }

  readonly write = (frame: string, done?: () => void): boolean => {
    // Ink shows and hides the cursor by writes of their own; ours stays hidden.
    if (frame !== '' && frame !== `${ESCAPE}?25h` && frame !== `${ESCAPE}?25l`) {
      this.#frame = completed(frame.split('\n'), this.#frame);
      this.#fresh = true;
      this.#schedule();
    }
    done?.();
    return true;
  };

  /** The next frame does not wait for its turn: it shows a key that was just pressed. */
  hurry(): void {
    this.#lastMs = 0;
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#schedule();
  }

  /** Paints nothing until `resume`: the terminal belongs to somebody else. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#painted = [];
    this.#fresh = true;
    this.#schedule();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#out.off('resize', this.#resized);
  }

  readonly #resized = (): void => {
    this.#painted = [];
    // A frame of the old width would wrap; the listeners of this event make a new one.
    this.#fresh = false;
    this.#stale = true;
    this.emit('resize');
  };

  #schedule(): void {
    if (this.#timer !== undefined || !this.#fresh || this.#paused) return;
    const waitMs = Math.max(0, this.#lastMs + this.#leastMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, waitMs);
  }

  #flush(): void {
    if (!this.#fresh || this.#paused) return;
    // A slow terminal gets fewer frames, and always the newest.
    if (this.#out.writableNeedDrain) {
      if (!this.#drains)
        this.#out.once('drain', () => {
          this.#drains = false;
          this.#schedule();
        });
      this.#drains = true;
      return;
    }
    this.#lastMs = performance.now();
    const lines = this.#frame.slice(0, this.rows);
    this.#fresh = false;
    let painted = this.#stale ? `${ESCAPE}2J` : '';
    this.#stale = false;
    for (let row = 0; row < Math.max(lines.length, this.#painted.length); row++)
      if (lines[row] !== this.#painted[row])
        // Erased first: where lines do not wrap, the cursor stays on the last column, and what is under it would go.
        painted += `${ESCAPE}${row + 1};1H${ESCAPE}0m${ESCAPE}K${lines[row] ?? ''}`;
    this.#painted = lines;
    if (painted !== '') this.#out.write(`${ESCAPE}?2026h${painted}${ESCAPE}?2026l`);
  }
}

/** With what stays the same as it was before. */
function completed(lines: readonly string[], before: readonly string[]): readonly string[] {
  const frame: string[] = [];
  for (const line of lines)
    if (line.startsWith(SAME))
      frame.push(...before.slice(frame.length, frame.length + Number.parseInt(line.slice(1), 10)));
    else frame.push(line);
  return frame;
}

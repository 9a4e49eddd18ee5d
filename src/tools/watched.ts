/** The values that a person watches: each change of one is a notice. */
import type { Cluster } from '../cluster/cluster.ts';
import { ExpressionError } from '../cluster/expression/ast.ts';
import { compileCondition, compileValue, type Resolver } from '../cluster/expression/compile.ts';
import { parseExpression } from '../cluster/expression/parser.ts';
import { equalValues, formatValue, type Value } from '../cluster/expression/value.ts';
import type { Domain } from '../cluster/model/changes.ts';
import type { VerbRunner } from '../cluster/verb-runner.ts';
import { timeText } from './causes.ts';
import type { Notices } from './notices.ts';

/** A value that changes more often is told once in this long, with how often it did. */
const QUIET_US = 1_000_000;
/** What can make a name known that is not known now. */
const NAMING: ReadonlySet<Domain> = new Set(['authority', 'nodes', 'groups', 'clients', 'bindings']);

/** A compiled expression: what it is now, and how that is said. */
interface Watching {
  readonly domains: ReadonlySet<Domain>;
  readonly read: () => Value;
  readonly words: () => string;
}

interface Entry {
  readonly text: string;
  stop: () => void;
  /** Undefined: it means nothing at this moment, as a topic that is not there yet. */
  watching: Watching | undefined;
  value: Value;
  /** What was said of it last, when (world time), and how often it changed since then. */
  told: { readonly value: Value; readonly words: string; readonly atUs: number };
  changes: number;
  /** How often it changed in all. */
  total: number;
}

export class Watched {
  readonly #cluster: Cluster;
  readonly #runner: VerbRunner;
  readonly #notices: Notices;
  #entries: Entry[] = [];

  constructor(cluster: Cluster, runner: VerbRunner, notices: Notices) {
    this.#cluster = cluster;
    this.#runner = runner;
    this.#notices = notices;
  }

  /** The expressions, in the order in which they were given. */
  get texts(): readonly string[] {
    return this.#entries.map(({ text }) => text);
  }

  /** What is watched now, a line each. */
  lines(): readonly string[] {
    return this.#entries.map(({ text, watching, told, total }, index) => {
      const number = String(index + 1).padStart(3);
      if (watching === undefined) return `${number}  ${text}: nothing here is called so at this moment`;
      const changed = total === 0 ? 'no change yet' : `${total} ${total === 1 ? 'change' : 'changes'}`;
      return `${number}  ${text} is ${watching.words()} (since ${this.#time(told.atUs)}: ${changed})`;
    });
  }

  /** Watches it from now on, and says what it is now. Throws `ExpressionError`. */
  add(text: string): string {
    const watching = this.#compile(text);
    const entry = this.#begin(text, watching);
    this.#entries.push(entry);
    this.#follow(entry);
    return watching.words();
  }

  /** No more of it; undefined where there is no such number or expression. */
  remove(which: string): string | undefined {
    const index = /^\d+$/.test(which) ? Number(which) - 1 : this.#entries.findIndex(({ text }) => text === which);
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    entry?.stop();
    return entry?.text;
  }

  clear(): void {
    for (const { stop } of this.#entries) stop();
    this.#entries = [];
  }

  /** This session takes the place of another one: the same is watched here, beginning with what it is here. */
  takeOver(from: Watched): void {
    for (const text of from.texts) {
      const entry = this.#begin(text, this.#tryCompile(text));
      this.#entries.push(entry);
      this.#follow(entry);
    }
    from.clear();
  }

  #begin(text: string, watching: Watching | undefined): Entry {
    const value = watching?.read() ?? null;
    const told = { value, words: watching?.words() ?? '', atUs: this.#cluster.world.nowUs };
    return { text, stop: () => {}, watching, value, told, changes: 0, total: 0 };
  }

  #follow(entry: Entry): void {
    const { watches } = this.#runner;
    const { watching } = entry;
    if (watching !== undefined) {
      entry.stop = watches.add(watching.domains, (nowUs) => this.#look(entry, watching, nowUs));
      return;
    }
    entry.stop = watches.add(NAMING, () => {
      const found = this.#tryCompile(entry.text);
      if (found === undefined) return { nextUs: undefined };
      Object.assign(entry, this.#begin(entry.text, found));
      this.#notices.tell(`${this.#time(entry.told.atUs)} ${entry.text} is ${entry.told.words}`);
      this.#follow(entry);
      return 'done';
    });
  }

  #look(entry: Entry, watching: Watching, nowUs: number): { readonly nextUs: number | undefined } {
    const value = watching.read();
    if (!equalValues(value, entry.value)) {
      entry.value = value;
      entry.changes += 1;
      entry.total += 1;
    }
    if (entry.changes === 0) return { nextUs: undefined };
    const dueUs = entry.told.atUs + QUIET_US;
    if (entry.total > entry.changes && nowUs < dueUs) return { nextUs: dueUs };
    this.#tell(entry, watching, nowUs);
    return { nextUs: undefined };
  }

  #tell(entry: Entry, watching: Watching, nowUs: number): void {
    const words = watching.words();
    const before = equalValues(entry.value, entry.told.value) ? 'again' : `was ${entry.told.words}`;
    const often = entry.changes > 1 ? `, ${entry.changes} changes` : '';
    entry.told = { value: entry.value, words, atUs: nowUs };
    entry.changes = 0;
    this.#notices.tell(`${this.#time(nowUs)} ${entry.text} is ${words} (${before}${often})`);
  }

  #tryCompile(text: string): Watching | undefined {
    try {
      return this.#compile(text);
    } catch (thrown) {
      if (thrown instanceof ExpressionError) return undefined;
      throw thrown;
    }
  }

  #compile(text: string): Watching {
    const { root, temporal } = parseExpression(text);
    if (temporal.within !== undefined || temporal.for !== undefined)
      throw new ExpressionError(
        'what is watched has no time of its own',
        { start: 0, end: text.length },
        'leave out within and for, or say `expect`',
      );
    const resolver: Resolver = this.#runner.resolver('step');
    if (root.kind === 'compare' || root.kind === 'logic' || root.kind === 'not') {
      const { domains, test, observed } = compileCondition(root, resolver);
      return { domains, read: test, words: () => `${test()}: observed ${observed()}` };
    }
    const { domains, read, type } = compileValue(root, resolver);
    return { domains, read, words: () => formatValue(read(), type) };
  }

  #time(atUs: number): string {
    return timeText(atUs - (this.#cluster.zeroUs ?? 0));
  }
}

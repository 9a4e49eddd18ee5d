/** The dashboard over a cluster whose time passes only when it is told to: what somebody presses and types gives the same screens each time. */

import type { Size } from '../../src/cli/dashboard/arrange.ts';
import { pictureSize, screenLines } from '../../src/cli/dashboard/screen.tsx';
import { DashboardStore } from '../../src/cli/dashboard/store.ts';
import { DashboardSubject, type Watched } from '../../src/cli/dashboard/subject.ts';
import type { Key } from '../../src/cli/repl/line-editor.ts';
import { newTimeline, ScriptHost } from '../../src/cli/repl/script-host.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { type ClusterOptions, defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { ScenarioRun } from '../../src/scenario/player.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { savedScenario } from '../../src/scenario/save.ts';
import type { Reply } from '../../src/tools/session.ts';
import { Session } from '../../src/tools/session.ts';

const STEP_US = 500_000;

const SEQUENCES: Readonly<Record<string, string>> = {
  Up: '\u001b[A',
  Down: '\u001b[B',
  Left: '\u001b[D',
  Right: '\u001b[C',
  Enter: '\r',
  Esc: '\u001b',
  Tab: '\t',
  Space: ' ',
};

/** What is looked at, and how it is moved. */
interface Subject {
  readonly watched: () => Watched;
  readonly execute: (line: string) => Reply;
  readonly runUntil: (timeUs: number) => void;
  readonly paused: () => boolean;
}

export class TourTerminal {
  size: Size;
  /** What `save` wrote. */
  saved = '';
  readonly #it: Subject;
  readonly #store: DashboardStore;
  #subject: DashboardSubject;
  #shown: Cluster;
  #paused = false;

  private constructor(size: Size, make: (terminal: () => TourTerminal) => Subject) {
    this.size = size;
    this.#it = make(() => this);
    this.#shown = this.#it.watched().cluster;
    this.#subject = new DashboardSubject(this.#it.watched());
    this.#store = new DashboardStore(
      {
        view: () => this.#current().view({ speed: 1, paused: this.#paused || this.#it.paused() }),
        page: (key, columns) => this.#current().page(key, columns),
        size: () => pictureSize(this.#store, this.size),
        screen: () => this.size,
        execute: (line, done) => done(this.#it.execute(line)),
        complete: () => ({ start: 0, items: [] }),
        togglePause: () => {
          this.#paused = !this.#paused;
        },
        changeSpeed() {},
        quit() {},
        suspend() {},
      },
      [],
    );
  }

  /** `kzsim up`. */
  static up(mode: Mode, topics: Readonly<Record<string, number>>, size: Size): TourTerminal {
    return new TourTerminal(size, (terminal) => {
      const timeline = newTimeline({ ...defaultClusterOptions(mode, 1), topics: topicsOf(topics) });
      const host = new ScriptHost(timeline);
      host.save = (path) => {
        const { text, steps } = savedScenario(timeline, path.replace(/\.yaml$/, ''));
        terminal().saved = text;
        return {
          ok: true,
          lines: [`${path}: ${steps} ${steps === 1 ? 'step' : 'steps'}; kzsim play ${path} does it again`],
        };
      };
      return {
        watched: () => ({
          ...seen(timeline.session),
          run: undefined,
          title: `kzsim ${mode}, seed 1`,
          place: () => timeline.place,
        }),
        execute: (line) => host.finish(line),
        runUntil: (timeUs) => timeline.runUntil(timeUs),
        paused: () => timeline.inPast,
      };
    });
  }

  /** `kzsim play`, of a scenario's text. */
  static play(file: string, text: string, mode: Mode, size: Size): TourTerminal {
    return new TourTerminal(size, () => {
      const plan = readScenario(file, text);
      const run = new ScenarioRun(plan, { mode, seed: plan.seed, ports: hostPorts });
      const session = new Session(run.cluster, run.checker, run.runner);
      run.boot();
      return {
        watched: () => ({ ...seen(session), run, title: `${plan.name} (${mode}, seed ${plan.seed})` }),
        execute(line) {
          let reply: Reply | undefined;
          session.execute(line, (given) => {
            reply = given;
          });
          return reply ?? { ok: true, lines: [] };
        },
        runUntil: (timeUs) => void run.cluster.world.runUntil(timeUs),
        paused: () => false,
      };
    });
  }

  /** A key by its name, or letters one by one; a line ends with Enter of its own. */
  press(...keys: readonly string[]): this {
    for (const key of keys) {
      const sequence = SEQUENCES[key];
      if (sequence !== undefined) this.#press({ name: nameOf(key), sequence });
      else for (const letter of key) this.#press({ name: letter.toLowerCase(), sequence: letter });
    }
    return this;
  }

  type(line: string): this {
    return this.press(line, 'Enter');
  }

  /** Lets so much virtual time pass, in seconds. */
  pass(seconds: number): this {
    for (let left = seconds * 1_000_000; left > 0; left -= STEP_US) {
      const { world } = this.#it.watched().cluster;
      this.#it.runUntil(world.nowUs + Math.min(left, STEP_US));
      this.#store.refresh();
    }
    return this;
  }

  /** The screen as it stands. */
  screen(): readonly string[] {
    this.#store.refresh();
    return screenLines(this.#store, this.size).map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    );
  }

  #press(key: Pick<Key, 'name' | 'sequence'>): void {
    this.#store.press({ ...key, ctrl: false, meta: false, shift: /^[A-Z]$/.test(key.sequence) });
  }

  /** Going back replaces the cluster. */
  #current(): DashboardSubject {
    const watched = this.#it.watched();
    if (watched.cluster !== this.#shown) {
      this.#shown = watched.cluster;
      this.#subject = new DashboardSubject(watched);
    }
    return this.#subject;
  }
}

const nameOf = (key: string): string => ({ Esc: 'escape', Enter: 'return' })[key] ?? key.toLowerCase();

function topicsOf(topics: Readonly<Record<string, number>>): ClusterOptions['topics'] {
  return Object.entries(topics).map(([name, partitions]) => {
    return { name, partitions, replicationFactor: 3, assignment: undefined, config: {} };
  });
}

function seen({ cluster, checker, history, author }: Session) {
  return { cluster, checker, history, author, bootstrapServers: [] };
}

/**
 * The dashboard under a real pseudo-terminal, as `npm run bench:dashboard` measures it: how long a key waits for its echo, what the
 * process takes of a core, and how many frames a second it paints.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pty from '@lydell/node-pty';
import type { Figure } from './figure.ts';
import { conclude, report } from './report.ts';

const KEYS = 200;
const MEASURED_MS = 10_000;
const FRAME = '\u001b[?2026h';
/** Letters that steer nothing, whatever stands in the line. */
const LETTERS = 'abcdefghij';

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  /** What the screen must have shown before anything is measured. */
  readonly ready: string;
  /** The share of a core is bounded at 1×, where there is something to bound. */
  readonly bounded: boolean;
}

const folder = mkdtempSync(join(tmpdir(), 'kzsim-bench-'));
const busy = join(folder, 'busy.yaml');
writeFileSync(
  busy,
  `version: 1
name: busy
about: A producer that keeps a hundred partitions busy.
cluster: { brokers: 3 }
topics: { orders: { partitions: 100, replicationFactor: 3 } }
clients: { web: { produce: orders, rate: 1000/s, keys: 1000 } }
steps: [wait: 100h]
`,
);

const idle = ['up', '--no-listen', '--topic', 'orders:100'];
const cases: readonly Case[] = [
  { name: 'idle, 1x', args: idle, ready: 'kzsim> ', bounded: true },
  { name: '1000 records/s, 1x', args: ['play', busy, '--mode', 'kraft'], ready: '00/s', bounded: true },
  {
    name: '1000 records/s, max',
    args: ['play', busy, '--mode', 'kraft', '--speed', 'max'],
    ready: '00/s',
    bounded: false,
  },
];

/** A process in a pseudo-terminal, and what it wrote lately. */
class Watched {
  readonly #pty: ReturnType<typeof pty.spawn>;
  #text = '';
  #wanted: { readonly text: string; readonly seen: () => void } | undefined;
  frames = 0;

  constructor(args: readonly string[], columns: number, rows: number) {
    const env = { ...process.env, TERM: 'xterm-256color', KZSIM_HISTORY: '/dev/null', NO_COLOR: '' };
    delete (env as NodeJS.ProcessEnv).CI;
    this.#pty = pty.spawn(process.execPath, ['bin/kzsim.js', ...args], { cols: columns, rows, env });
    this.#pty.onData((data) => {
      this.frames += data.split(FRAME).length - 1;
      this.#text = (this.#text + data).slice(-200_000);
      if (this.#wanted !== undefined && this.#text.includes(this.#wanted.text)) {
        const { seen } = this.#wanted;
        this.#wanted = undefined;
        seen();
      }
    });
  }

  type(keys: string): void {
    this.#text = '';
    this.#pty.write(keys);
  }

  /** Resolves in the very turn in which it came. */
  shows(text: string): Promise<void> {
    if (this.#text.includes(text)) return Promise.resolve();
    return new Promise((seen) => {
      this.#wanted = { text, seen };
    });
  }

  /** Processor time so far, in milliseconds. */
  get processorMs(): number {
    const fields = readFileSync(`/proc/${this.#pty.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** How long its main thread has waited for a processor that others had, so far, in milliseconds. */
  get starvedMs(): number {
    return starvedMs(this.#pty.pid);
  }

  end(): void {
    this.#pty.kill('SIGKILL');
  }
}

function starvedMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Presses keys at all kinds of moments, each when the one before was shown. In milliseconds, without what it or this process had to
 * wait for a processor: that is what other programs do to it.
 */
async function echoes(watched: Watched): Promise<readonly number[]> {
  const waits: number[] = [];
  let line = '';
  for (let index = 0; index < KEYS; index++) {
    if (line.length === 20) {
      watched.type('\u0015');
      await watched.shows('kzsim> ');
      line = '';
    }
    await sleep(5 + ((index * 37) % 113));
    const letter = LETTERS[index % LETTERS.length]!;
    line += letter;
    const others = watched.starvedMs + starvedMs(process.pid);
    const startMs = performance.now();
    watched.type(letter);
    await watched.shows(line);
    const waitMs = performance.now() - startMs;
    waits.push(Math.max(0, waitMs - (watched.starvedMs + starvedMs(process.pid) - others)));
  }
  watched.type('\u0015');
  return waits.sort((a, b) => a - b);
}

async function measure({ name, args, ready, bounded }: Case): Promise<readonly Figure[]> {
  const watched = new Watched(args, 120, 40);
  try {
    await watched.shows(ready);
    await sleep(3000);
    const [beganMs, spentMs, painted] = [performance.now(), watched.processorMs, watched.frames];
    await sleep(MEASURED_MS);
    const elapsedMs = performance.now() - beganMs;
    const share = (watched.processorMs - spentMs) / elapsedMs;
    const rate = ((watched.frames - painted) * 1000) / elapsedMs;
    const waits = await echoes(watched);
    const at = (share: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))]!;
    const note = `p50 ${at(0.5).toFixed(1)}, max ${waits.at(-1)!.toFixed(1)} ms; ${rate.toFixed(1)} frames/s`;
    const echo: Figure = {
      name: `${name}: key to echo, p95`,
      value: at(0.95),
      unit: 'ms',
      floor: 50,
      goal: 20,
      less: true,
      note,
    };
    const core: Figure = {
      name: `${name}: share of a core`,
      value: share,
      unit: 'ratio',
      floor: 0.25,
      goal: 0.1,
      less: true,
    };
    return bounded ? [echo, core] : [echo];
  } finally {
    watched.end();
  }
}

let missed = 0;
const wanted = process.argv.slice(2);
for (const one of cases)
  if (wanted.length === 0 || wanted.some((word) => one.name.includes(word))) missed += report(await measure(one));
rmSync(folder, { recursive: true });
conclude(missed);

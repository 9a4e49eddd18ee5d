/** kcat as a client of the flow: its own processes, their lines. It has no administration and no transactions. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Group, keyFor, type Load, type Log, numberOf, type PeerDriver, valueFor } from '../clients/driver.ts';
import { LOAD_PERIOD_MS, pause } from '../clients/pacing.ts';

const MEMBER = ['isolation.level=read_committed', 'auto.offset.reset=earliest', 'auto.commit.interval.ms=200'];
const LOAD = ['enable.idempotence=true', 'linger.ms=2', 'message.timeout.ms=60000'];

function properties(pairs: readonly string[]): readonly string[] {
  return pairs.flatMap((pair) => ['-X', pair]);
}

function line(number: number): string {
  return `${keyFor(number)}:${valueFor(number)}\n`;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}

class Kcat {
  readonly #command: string;
  readonly #bootstrap: string;

  constructor(command: string, bootstrapServers: readonly string[]) {
    this.#command = command;
    this.#bootstrap = bootstrapServers.join(',');
  }

  start(...args: readonly string[]) {
    return spawn(this.#command, ['-b', this.#bootstrap, ...args], { stdio: 'pipe' });
  }

  /** Feeds all of `input`; resolves with the lines of its output. Rejects when kcat says that it failed. */
  async run(input: string, ...args: readonly string[]): Promise<readonly string[]> {
    const child = this.start(...args);
    const lines: string[] = [];
    const notes: string[] = [];
    createInterface(child.stdout).on('line', (text) => lines.push(text));
    createInterface(child.stderr).on('line', (text) => notes.push(text));
    child.stdin.end(input);
    await ended(child);
    if (child.exitCode !== 0) throw new Error(`kcat ${args.join(' ')}: ${notes.join('\n')}`);
    return lines;
  }
}

/** One process for as long as the load lasts, which tells of each delivery. */
function startLoad(kcat: Kcat, topic: string): Load {
  const child = kcat.start('-P', '-vv', '-t', topic, '-K:', ...properties(LOAD));
  let sent = 0;
  let acknowledged = 0;
  const failed: string[] = [];
  createInterface(child.stderr).on('line', (text) => {
    if (/message delivered/i.test(text)) acknowledged++;
    else if (/delivery failed/i.test(text)) failed.push(text);
  });
  child.stdin.on('error', () => {});
  const feeding = setInterval(() => child.stdin.write(line(sent++)), LOAD_PERIOD_MS);
  return {
    acknowledged: async () => acknowledged,
    async stop() {
      clearInterval(feeding);
      child.stdin.end();
      await ended(child);
      const numbers = Array.from({ length: sent }, (_, index) => index);
      if (child.exitCode === 0 && failed.length === 0) return { acknowledged: numbers, failed: [] };
      throw new Error(`kcat did not deliver all of ${sent} records: ${failed[0] ?? `exit ${child.exitCode}`}`);
    },
  };
}

function startGroup(kcat: Kcat, group: string, members: number, topic: string): Group {
  const received: number[] = [];
  const children = Array.from({ length: members }, () => {
    const child = kcat.start('-G', group, '-u', '-f', '%s\\n', ...properties(MEMBER), topic);
    createInterface(child.stdout).on('line', (text) => received.push(numberOf(text)));
    child.stderr.resume();
    return child;
  });
  return {
    received: async () => new Set(received).size,
    async stop() {
      await pause(400);
      for (const child of children) child.kill('SIGTERM');
      await Promise.all(children.map(ended));
      return received;
    },
  };
}

async function read(kcat: Kcat, topic: string, isolation: string, atLeast: number): Promise<Log> {
  for (const limitMs = Date.now() + 8000; ; ) {
    const lines = await kcat.run(
      '',
      '-C',
      '-t',
      topic,
      '-o',
      'beginning',
      '-e',
      '-q',
      '-f',
      '%p:%s\\n',
      '-X',
      `isolation.level=${isolation}`,
    );
    const log = new Map<number, number[]>();
    for (const text of lines) {
      const partition = Number(text.slice(0, text.indexOf(':')));
      log.set(partition, [...(log.get(partition) ?? []), numberOf(text.slice(text.indexOf(':') + 1))]);
    }
    if (lines.length >= atLeast || Date.now() > limitMs) return log;
  }
}

export function kcatDriver(command: string, bootstrapServers: readonly string[]): PeerDriver {
  const kcat = new Kcat(command, bootstrapServers);
  return {
    name: 'kcat 1.7',
    compressions: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    keepsOrder: true,
    administration: null,
    transactions: null,
    without: 'kcat has no such command',
    async produce(topic, compression, first, count) {
      const input = Array.from({ length: count }, (_, index) => line(first + index)).join('');
      await kcat.run(
        input,
        '-P',
        '-t',
        topic,
        '-K:',
        '-z',
        compression,
        ...properties(['enable.idempotence=true', 'linger.ms=50']),
      );
    },
    read: (topic, isolation, atLeast) => read(kcat, topic, isolation, atLeast),
    load: async (topic) => startLoad(kcat, topic),
    group: async (group, members, topic) => startGroup(kcat, group, members, topic),
    close: async () => {},
  };
}

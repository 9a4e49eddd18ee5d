/**
 * A client in a process of its own, driven by lines: a verb and its words in, `ok ANSWER` or `error REASON` out.
 *
 * ```
 * create TOPIC PARTITIONS REPLICAS · describe TOPIC -> PARTITIONS REPLICAS · topics -> A,B · delete TOPIC · committed GROUP TOPIC -> SUM
 * produce TOPIC CODEC FIRST COUNT · read TOPIC ISOLATION AT-LEAST -> PARTITION:1,2,3;PARTITION:4
 * load TOPIC · loaded -> COUNT · unload -> ACKNOWLEDGED FAILED · group GROUP MEMBERS TOPIC · grouped -> COUNT · ungroup -> NUMBERS
 * transact TOPIC ID FIRST COUNT commit|abort · relay SOURCE TARGET GROUP ID COUNT
 * ```
 * Lists are joined by commas; an empty one is `-`. What a client writes to its standard error is kept for the report of a failure.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Log, PeerDriver } from '../clients/driver.ts';

export interface PeerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

const KEPT_LINES = 40;

class LineClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { resolve: (answer: string) => void; reject: (error: Error) => void }[] = [];
  readonly #notes: string[] = [];

  constructor({ command, args }: PeerCommand) {
    this.#child = spawn(command, args, { stdio: 'pipe' });
    createInterface(this.#child.stdout).on('line', (line) => this.#answered(line));
    createInterface(this.#child.stderr).on('line', (line) => {
      this.#notes.push(line);
      if (this.#notes.length > KEPT_LINES) this.#notes.shift();
    });
    const ended = (why: string): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(this.#error(why));
    };
    this.#child.on('error', (error) => ended(`${command} cannot be started: ${error.message}`));
    this.#child.on('close', (code, signal) => ended(`the client ended (${code ?? signal})`));
    this.#child.stdin.on('error', () => {});
  }

  ask(...words: readonly (string | number)[]): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${words.join(' ')}\n`);
    });
  }

  /** Ends the process; it is killed if it does not end by itself. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin.end('quit\n');
    await new Promise<void>((resolve) => {
      const impatient = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
      this.#child.on('close', () => {
        clearTimeout(impatient);
        resolve();
      });
    });
  }

  #answered(line: string): void {
    const [word, ...rest] = line.split(' ');
    const waiting = this.#waiting.shift();
    if (word === 'ok') waiting?.resolve(rest.join(' '));
    else waiting?.reject(this.#error(line));
  }

  #error(what: string): Error {
    return new Error([what, ...this.#notes].join('\n    '));
  }
}

function numbers(list: string): readonly number[] {
  return list === '-' || list === '' ? [] : list.split(',').map(Number);
}

function logOf(answer: string): Log {
  if (answer === '-') return new Map();
  return new Map(
    answer.split(';').map((part) => {
      const [partition, list] = part.split(':');
      return [Number(partition), numbers(list!)];
    }),
  );
}

export function lineDriver(name: string, command: PeerCommand): PeerDriver {
  const client = new LineClient(command);
  return {
    name,
    compressions: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    keepsOrder: true,
    administration: {
      create: async (topic, shape) =>
        void (await client.ask('create', topic, shape.partitions, shape.replicationFactor)),
      async describe(topic) {
        const [partitions, replicationFactor] = (await client.ask('describe', topic)).split(' ').map(Number);
        return { partitions: partitions!, replicationFactor: replicationFactor! };
      },
      topics: async () => (await client.ask('topics')).split(','),
      delete: async (topic) => void (await client.ask('delete', topic)),
      committed: async (group, topic) => Number(await client.ask('committed', group, topic)),
    },
    transactions: {
      transact: async (topic, first, count, outcome) =>
        void (await client.ask('transact', topic, 'flow', first, count, outcome)),
      async relay(source, target, group, count) {
        const relayed = Number(await client.ask('relay', source, target, group, 'relay', count));
        if (relayed !== count) throw new Error(`relayed ${relayed} records instead of ${count}`);
      },
    },
    produce: async (topic, codec, first, count) => void (await client.ask('produce', topic, codec, first, count)),
    read: async (topic, isolation, atLeast) => logOf(await client.ask('read', topic, isolation, atLeast)),
    async load(topic) {
      await client.ask('load', topic);
      return {
        acknowledged: async () => Number(await client.ask('loaded')),
        async stop() {
          const [acknowledged, failed] = (await client.ask('unload')).split(' ');
          return { acknowledged: numbers(acknowledged!), failed: numbers(failed!) };
        },
      };
    },
    async group(group, members, topic) {
      await client.ask('group', group, members, topic);
      return {
        received: async () => Number(await client.ask('grouped')),
        stop: async () => numbers(await client.ask('ungroup')),
      };
    },
    close: () => client.close(),
  };
}

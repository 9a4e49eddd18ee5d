/** The simulated clients of a cluster: their nodes, and what may be asked of them while they run. */

import type { ClientEnvironment } from '../client/environment.ts';
import { ConsumerClient } from '../client/programs/consumer-client.ts';
import { ProducerClient } from '../client/programs/producer-client.ts';
import { TransformerClient } from '../client/programs/transformer-client.ts';
import type { Overrides } from '../config/config.ts';
import type { ProgramFactory } from '../kernel/api.ts';
import type { Compression } from '../protocol/ports.ts';
import type { RpcSettings } from '../rpc/api.ts';
import type { Assembly } from './assembly.ts';
import type { ClientOptions, ClientRate } from './client-options.ts';
import { type ClientName, clientNodes } from './names.ts';
import type { ClusterOptions } from './options.ts';

/** One member of a client, and how it is spoken to. */
export interface ClientMember {
  readonly node: string;
  readonly program: ProgramFactory;
  /** Null: it does not send by itself. */
  readonly producer: ProducerClient | null;
}

export interface Client {
  readonly options: ClientOptions;
  readonly members: readonly ClientMember[];
}

export class Clients {
  readonly all = new Map<string, Client>();
  readonly environment: ClientEnvironment;
  readonly #timers: 'real' | 'fast';

  constructor(options: ClusterOptions, assembly: Assembly, rpc: RpcSettings, compression: Compression) {
    this.#timers = options.timers === 'fast' ? 'fast' : 'real';
    const { release, bootstrap, resolve } = assembly;
    this.environment = { release, bootstrap, resolve, rpc, compression };
  }

  /** Prepares a client; its nodes are the caller's to add and start. */
  add(options: ClientOptions): Client {
    const members = clientNodes(options.name, options.members).map((node) => this.#member(node, options));
    const client = { options, members };
    this.all.set(options.name, client);
    return client;
  }

  member(node: string): ClientMember | undefined {
    for (const { members } of this.all.values()) {
      const found = members.find((member) => member.node === node);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Changes the rate of every member of a producing client, which share it evenly. */
  setRate(name: string, rate: ClientRate): boolean {
    const producers = this.#producers(name);
    for (const producer of producers) producer.setRate(share(rate, producers.length));
    return producers.length > 0;
  }

  /** Ends the open transactions of a client; null if it has none, and cannot have. */
  endTransactions(name: string, how: 'commit' | 'abort'): { readonly ended: boolean } | null {
    const waiting = { count: 0, ended: false };
    const producers = this.#producers(name).filter((producer) => {
      waiting.count += 1;
      const asked = producer.endTransaction(how, () => {
        waiting.count -= 1;
        waiting.ended = waiting.count === 0;
      });
      if (!asked) waiting.count -= 1;
      return asked;
    });
    return producers.length === 0 ? null : waiting;
  }

  /**
   * Has every producer hand over no more records, and calls back when the outcome of all that were is known. Of a process
   * that does not run, nothing can be known any more.
   */
  stopSending(runs: (node: string) => boolean, done: () => void): void {
    let waiting = 1;
    const ended = () => {
      waiting -= 1;
      if (waiting === 0) done();
    };
    for (const { members } of this.all.values())
      for (const { node, producer } of members) {
        if (producer === null) continue;
        if (runs(node)) waiting += 1;
        producer.stopSending(runs(node) ? ended : () => {});
      }
    ended();
  }

  names(): ReadonlyMap<string, ClientName> {
    const kinds = { produce: 'producer', consume: 'consumer', transform: 'transformer' } as const;
    return new Map(
      [...this.all].map(([name, { options }]) => [
        name,
        { kind: kinds[options.role.kind], members: options.members, group: groupOf(options) },
      ]),
    );
  }

  groups(): ReadonlySet<string> {
    return new Set([...this.all.values()].flatMap(({ options }) => groupOf(options) ?? []));
  }

  #producers(name: string): readonly ProducerClient[] {
    return this.all.get(name)?.members.flatMap(({ producer }) => producer ?? []) ?? [];
  }

  #member(node: string, { role, config, members }: ClientOptions): ClientMember {
    const overrides: Overrides = config;
    switch (role.kind) {
      case 'produce': {
        const { topic, keys, valueSize, transaction } = role;

        const rate = role.rate && share(role.rate, members);
        const options = { topic, rate, keys, valueSize, transaction, config: overrides, timers: this.#timers };
        const producer = new ProducerClient(this.environment, options);
        return { node, program: producer.program, producer };
      }
      case 'consume': {
        const { topics, reading } = role;
        const consumer = new ConsumerClient(this.environment, {
          topics,
          ...reading,
          config: overrides,
          timers: this.#timers,
        });
        return { node, program: consumer.program, producer: null };
      }
      case 'transform': {
        const { from, to, reading } = role;
        const group = reading.group ?? node;
        const options = { from, to, ...reading, group, config: overrides, timers: this.#timers };
        return { node, program: new TransformerClient(this.environment, options).program, producer: null };
      }
    }
  }
}

function share({ count, perUs }: ClientRate, members: number): { readonly records: number; readonly perUs: number } {
  return { records: count, perUs: perUs * members };
}

export function groupOf({ role }: ClientOptions): string | null {
  return role.kind === 'produce' ? null : role.reading.group;
}

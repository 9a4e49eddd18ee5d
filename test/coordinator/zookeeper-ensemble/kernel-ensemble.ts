/** An ensemble of real server programs in a kernel world, and a client process that keeps a session and a diary. */
import { createHash } from 'node:crypto';
import { type SessionListener, ZooKeeperSession } from '../../../src/coordinator/zookeeper/client/session.ts';
import { EventType } from '../../../src/coordinator/zookeeper/ensemble/messages.ts';
import { type ServerHandle, zookeeperEnsemble } from '../../../src/coordinator/zookeeper/ensemble/server.ts';
import type { Txn } from '../../../src/coordinator/zookeeper/ensemble/txn.ts';
import type { Context, NodeControl, ProgramFactory, RuleHandle, TraceEvent, World } from '../../../src/kernel/api.ts';
import { createWorld } from '../../../src/kernel/world.ts';

export interface ClientProcess {
  readonly node: NodeControl;
  /** The latest one. */
  readonly session: ZooKeeperSession;
  readonly diary: string[];
}

export class KernelEnsemble {
  readonly world: World;
  readonly servers: NodeControl[];
  readonly events: TraceEvent[] = [];
  readonly commits: { readonly node: string; readonly zxid: number; readonly txn: Txn }[] = [];
  /** Of every server process that was started, in that order. */
  readonly handles: ServerHandle[] = [];
  readonly #members: { readonly sid: number; readonly node: string }[];
  readonly #programs: ReadonlyMap<string, ProgramFactory>;

  constructor(count: number, seed = 1, options: { readonly tickTimeMs?: number; readonly snapCount?: number } = {}) {
    this.world = createWorld({ seed, digest: sha256 });
    this.#members = Array.from({ length: count }, (_, i) => ({ sid: i + 1, node: `zk-${i + 1}` }));
    this.servers = this.#members.map(({ node }) => this.world.addNode({ name: node }));
    this.#programs = zookeeperEnsemble({
      servers: this.#members,
      onCommit: ({ context, txn }) => this.commits.push({ node: context.node, zxid: txn.zxid, txn }),
      onStart: (handle) => this.handles.push(handle),
      ...options,
    });
    this.world.trace.subscribe('all', (event) => this.events.push(event));
    for (const { sid } of this.#members) this.start(sid);
  }

  start(sid: number): void {
    const server = this.servers[sid - 1];
    const program = server && this.#programs.get(server.name);
    if (program !== undefined) server?.start(program);
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  get nowMs(): number {
    return Math.floor(this.world.nowUs / 1000);
  }

  /** The server that was elected last. */
  leader(): NodeControl {
    const elected = this.of('ensemble-leader-elected').at(-1);
    const node = elected && this.world.node(elected.node);
    if (node === undefined) throw new Error('no leader was ever elected');
    return node;
  }

  of(kind: string): TraceEvent[] {
    return this.events.filter((event) => event.kind.name === kind);
  }

  /** With `renews` it makes a new session when its old one has expired, as a broker does. */
  client(
    name: string,
    options: { readonly timeoutMs?: number; readonly servers?: readonly string[]; readonly renews?: boolean } = {},
  ): ClientProcess {
    const node = this.world.addNode({ name });
    const diary: string[] = [];
    const client: { session?: ZooKeeperSession } = {};
    const servers = options.servers ?? this.#members.map((member) => member.node);
    const sessionTimeoutMs = options.timeoutMs ?? 18_000;
    const begin = (context: Context): void => {
      const listener: SessionListener = {
        onConnected: ({ isNew }) => diary.push(isNew ? 'connected' : 'reconnected'),
        onDisconnected: () => diary.push('disconnected'),
        onExpired: () => {
          diary.push('expired');
          if (options.renews === true) begin(context);
        },
        onWatch: (type, path) => {
          const event = Object.entries(EventType).find(([, value]) => value === type)?.[0];
          diary.push(`${event} ${path}`);
        },
      };
      client.session = new ZooKeeperSession(context, { servers, sessionTimeoutMs, listener });
      client.session.start();
    };
    node.start((context) => {
      begin(context);
      return {};
    });
    return {
      node,
      diary,
      get session() {
        if (client.session === undefined) throw new Error('the client did not start');
        return client.session;
      },
    };
  }

  /** Silence between two groups of nodes. */
  cut(group: readonly string[], others: readonly string[]): RuleHandle {
    const matches = (from: string, to: string): boolean =>
      (group.includes(from) && others.includes(to)) || (others.includes(from) && group.includes(to));
    return this.world.network.install({ name: 'cut', matches, effect: { kind: 'block' } });
  }
}

/** Runs until the callback was called; its arguments. */
export function awaited<A extends unknown[]>(ensemble: KernelEnsemble, ask: (done: (...args: A) => void) => void): A {
  let answer: A | undefined;
  ask((...args) => {
    answer = args;
  });
  for (let i = 0; i < 600 && answer === undefined; i++) ensemble.run(100);
  if (answer === undefined) throw new Error('no answer within a minute');
  return answer;
}

function sha256(): { update(bytes: Uint8Array): void; hex(): string } {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.copy().digest('hex') };
}

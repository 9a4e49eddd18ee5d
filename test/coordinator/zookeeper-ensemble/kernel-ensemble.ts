/** An ensemble of real server programs in a kernel world, and a client process that keeps a session and a diary. */
import { createHash } from 'node:crypto';
import { ZooKeeperSession } from '../../../src/coordinator/zookeeper/client/session.ts';
import { EventType } from '../../../src/coordinator/zookeeper/ensemble/messages.ts';
import { type Commit, type ServerHandle, zookeeperServer } from '../../../src/coordinator/zookeeper/ensemble/server.ts';
import type { Txn } from '../../../src/coordinator/zookeeper/ensemble/txn.ts';
import type { NodeControl, RuleHandle, TraceEvent, World } from '../../../src/kernel/api.ts';
import { createWorld } from '../../../src/kernel/world.ts';

export interface ClientProcess {
  readonly node: NodeControl;
  /** The session of the present process. */
  session: ZooKeeperSession;
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
  readonly #options: { readonly tickTimeMs?: number; readonly snapCount?: number };

  constructor(count: number, seed = 1, options: { readonly tickTimeMs?: number; readonly snapCount?: number } = {}) {
    this.#options = options;
    this.world = createWorld({ seed, digest: sha256 });
    this.#members = Array.from({ length: count }, (_, i) => ({ sid: i + 1, node: `zk-${i + 1}` }));
    this.servers = this.#members.map(({ node }) => this.world.addNode({ name: node }));
    this.world.trace.subscribe('all', (event) => this.events.push(event));
    for (const { sid } of this.#members) this.start(sid);
  }

  start(sid: number): void {
    const onCommit = ({ context, txn }: Commit): void => {
      this.commits.push({ node: context.node, zxid: txn.zxid, txn });
    };
    const onStart = (handle: ServerHandle): void => {
      this.handles.push(handle);
    };
    const program = zookeeperServer({ sid, servers: this.#members, onCommit, onStart, ...this.#options });
    this.servers[sid - 1]?.start(program);
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

  client(
    name: string,
    options: { readonly timeoutMs?: number; readonly servers?: readonly string[] } = {},
  ): ClientProcess {
    const node = this.world.addNode({ name });
    const diary: string[] = [];
    const note = (text: string): void => {
      diary.push(text);
    };
    let session: ZooKeeperSession | undefined;
    node.start((context) => {
      session = new ZooKeeperSession(context, {
        servers: options.servers ?? this.#members.map((member) => member.node),
        sessionTimeoutMs: options.timeoutMs ?? 18_000,
        listener: {
          onConnected: ({ isNew }) => note(isNew ? 'connected' : 'reconnected'),
          onDisconnected: () => note('disconnected'),
          onExpired: () => note('expired'),
          onWatch: (type, path) => {
            const name = Object.entries(EventType).find(([, value]) => value === type)?.[0];
            note(`${name} ${path}`);
          },
        },
      });
      session.start();
      return {};
    });
    if (session === undefined) throw new Error('the client did not start');
    return { node, session, diary };
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

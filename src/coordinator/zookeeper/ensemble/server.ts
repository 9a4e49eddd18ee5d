/**
 * One server of the ensemble as a program: the consensus machine, fed from the network, the disk and the clock, and its effects
 * carried out one after another.
 */
import type { Context, Program, ProgramFactory, Timer } from '../../../kernel/api.ts';
import { CLIENT_PORT, ClientService } from './client-service.ts';
import { ContainerManager } from './container-manager.ts';
import type { Applied, DataTree } from './data-tree.ts';
import { answerWords } from './four-letter/listener.ts';
import type { ServerView } from './four-letter/view.ts';
import { type Directory, ElectionMesh, QuorumLines } from './peers.ts';
import { reportCommit, reportObservation } from './report.ts';
import { Storage } from './storage.ts';
import type { Txn } from './txn.ts';
import { ZabPeer } from './zab.ts';
import type { Observation, ZabEffect, ZabInput } from './zab-core.ts';

/** A committed txn as its leader sees it, right after its tree has changed. */
export interface Commit {
  readonly context: Context;
  readonly txn: Txn;
  readonly applied: Applied;
  /** Read only. */
  readonly tree: DataTree;
}

export interface ServerOptions {
  /** Number of this server, 1 to 255. */
  readonly sid: number;
  /** All voting servers with their kernel nodes. */
  readonly servers: readonly { readonly sid: number; readonly node: string }[];
  /** Milliseconds; the unit of everything below. Default 2000 (Kafka's own zookeeper.properties: 3000). */
  readonly tickTimeMs?: number;
  readonly initLimit?: number;
  readonly syncLimit?: number;
  /** Txns between two snapshots, roughly: half of it and a random part of the other half. */
  readonly snapCount?: number;
  /** Called on the leader for every commit, in the step that the commit happens in. */
  readonly onCommit?: (commit: Commit) => void;
  /** Called with every process that starts: the operator's hands on it. */
  readonly onStart?: (handle: ServerHandle) => void;
}

export interface ServerHandle {
  readonly context: Context;
  /** The ensemble has agreed that this server leads. */
  readonly leads: boolean;
  /** Ends a session as if it had been silent for its time-out. False, and nothing happens, if this server does not lead. */
  expireSession(sessionId: number): boolean;
  /** This server's state, read only; a follower's may be old. */
  readonly tree: DataTree;
  /** How many watches of its clients wait. */
  readonly watches: number;
  /** Sessions of clients that wait here for something about a znode. */
  watchersOf(path: string): readonly number[];
}

/**
 * The programs of an ensemble by node. Its servers share a note of the last commit that was told, so that the trace and
 * `onCommit` get each one once, in order: a new leader commits anew what its predecessor may have committed.
 */
export function zookeeperEnsemble(options: Omit<ServerOptions, 'sid'>): ReadonlyMap<string, ProgramFactory> {
  const told: Told = { zxid: 0 };
  return new Map(
    options.servers.map(({ sid, node }) => [
      node,
      (context) => new ZookeeperServer(context, { ...options, sid }, told),
    ]),
  );
}

interface Told {
  zxid: number;
}

class ZookeeperServer implements Program {
  readonly #context: Context;
  readonly #options: ServerOptions;
  readonly #told: Told;
  readonly #directory: Directory;
  readonly #storage: Storage;
  readonly #tree: DataTree;
  readonly #zab: ZabPeer;
  readonly #mesh: ElectionMesh;
  readonly #lines: QuorumLines;
  readonly #clients: ClientService;
  readonly #containers: ContainerManager;
  readonly #timers = new Map<string, Timer>();
  /** Inputs that came up while another one was being dealt with. */
  readonly #inputs: ZabInput[] = [];
  #stepping = false;
  #txnsSinceSnapshot = 0;
  #snapshotAfter: number;
  #servingSinceMs = 0;
  #elections = 0;

  constructor(context: Context, options: ServerOptions, told: Told) {
    this.#context = context;
    this.#options = options;
    this.#told = told;
    this.#directory = directoryOf(options);
    const { sid, tickTimeMs = 2000, initLimit = 10, syncLimit = 5 } = options;
    this.#storage = new Storage(
      context.disk(0),
      (ticket) => this.#feed({ kind: 'persisted', ticket }),
      (error) => context.exit(1, `cannot write its txn log: ${error.message}`),
    );
    const stored = this.#storage.recover(configText(options));
    this.#tree = stored.tree;
    const voters = options.servers.map((server) => server.sid).sort((a, b) => a - b);
    this.#zab = new ZabPeer({ sid, voters, tickTimeMs, initLimit, syncLimit }, stored);
    this.#snapshotAfter = this.#drawSnapshotDistance();
    const feed = (input: ZabInput): void => this.#feed(input);
    this.#mesh = new ElectionMesh(context, this.#directory, (from, notification) =>
      feed({ kind: 'notification', from, notification }),
    );
    this.#lines = new QuorumLines(context, this.#directory, {
      connected: (peer) => feed({ kind: 'connected', peer }),
      disconnected: (peer) => feed({ kind: 'disconnected', peer }),
      packet: (from, packet) => feed({ kind: 'packet', from, packet }),
    });
    this.#clients = new ClientService(context, this.#tree, { sid, tickTimeMs }, feed);
    this.#containers = new ContainerManager(context, this.#tree, () => this.#leads, feed);
    answerWords(context, (asker) => this.#view(asker));
    this.#feed({ kind: 'start' });
    options.onStart?.(this.#handle());
  }

  #handle(): ServerHandle {
    const clients = this.#clients;
    const leads = (): boolean => this.#leads;
    return {
      context: this.#context,
      tree: this.#tree,
      get leads() {
        return leads();
      },
      get watches() {
        return clients.watches.count;
      },
      watchersOf: (path) => clients.watches.watchersOf(path).map(({ sessionId }) => sessionId),
      expireSession: (sessionId) => {
        if (leads()) this.#context.after(0, (id) => this.#feed({ kind: 'expire', sessionId: id }), sessionId);
        return leads();
      },
    };
  }

  /** For a four-letter word; null where this server does not serve. */
  #view(asker: string): ServerView | null {
    const { traffic, watches, connections, serving } = this.#clients;
    traffic.received += 1;
    if (!serving) return null;
    const { sid, servers, tickTimeMs = 2000, initLimit = 10, syncLimit = 5 } = this.#options;
    const nowMs = this.#context.nowMs();
    return {
      node: this.#context.node,
      sid,
      servers: servers.length,
      tickTimeMs,
      initLimit,
      syncLimit,
      nowMs,
      wallMs: this.#context.wallMs(),
      upMs: nowMs - this.#servingSinceMs,
      leading: this.#zab.leading,
      tree: this.#tree,
      watches,
      traffic,
      connections,
      txnSizes: this.#storage.txnSizes,
      bytesOnDisk: this.#storage.bytesOnDisk(),
      elections: this.#elections,
      asker,
    };
  }

  get #leads(): boolean {
    return this.#zab.state === 'LEADING' && this.#clients.serving;
  }

  terminate(): void {
    this.#context.exit(0, 'terminated');
  }

  #feed(input: ZabInput): void {
    this.#inputs.push(input);
    if (this.#stepping) return;
    this.#stepping = true;
    for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
      const moment = { nowMs: this.#context.nowMs(), wallMs: this.#context.wallMs() };
      for (const effect of this.#zab.step(next, moment)) this.#carryOut(effect);
    }
    this.#stepping = false;
  }

  #carryOut(effect: ZabEffect): void {
    switch (effect.kind) {
      case 'notify':
        this.#mesh.notify(effect.to, effect.notification);
        break;
      case 'connect':
        this.#lines.connect(effect.to);
        break;
      case 'disconnect':
        this.#lines.disconnect(effect.peer);
        break;
      case 'send':
        this.#lines.send(effect.to, effect.packet);
        break;
      case 'persist':
        this.#storage.write(effect.ticket, effect.write);
        break;
      case 'set-timer':
        this.#setTimer(effect.name, effect.delayMs);
        break;
      case 'cancel-timers':
        for (const timer of this.#timers.values()) timer.cancel();
        this.#timers.clear();
        break;
      case 'become':
        if (effect.state === 'LEADING') this.#lines.listen();
        else if (effect.state === 'LOOKING') this.#lines.closeAll();
        break;
      case 'commit':
        this.#commit(effect.txn);
        break;
      case 'restore':
        this.#tree.restore(effect.snapshot);
        break;
      case 'serve':
        this.#tree.lastZxid = Math.max(this.#tree.lastZxid, effect.zxid);
        this.#clients.serve();
        this.#servingSinceMs = this.#context.nowMs();
        this.#storage.txnSizes.reset();
        this.#containers.began();
        this.#feed({ kind: 'started' });
        break;
      case 'stop-serving':
        this.#clients.stop();
        break;
      case 'synced':
        this.#clients.onSynced(effect.sessionId, effect.cxid);
        break;
      case 'revalidated':
        this.#clients.onRevalidated(effect.sessionId, effect.valid);
        break;
      case 'observe':
        this.#observe(effect.what);
        break;
    }
  }

  #commit(txn: Txn): void {
    const applied = this.#tree.apply(txn);
    if (this.#zab.state === 'LEADING' && txn.zxid > this.#told.zxid) {
      this.#told.zxid = txn.zxid;
      reportCommit(this.#context, txn, applied);
      this.#options.onCommit?.({ context: this.#context, txn, applied, tree: this.#tree });
    }
    this.#clients.onApplied(txn, applied);
    this.#containers.look();
    if (++this.#txnsSinceSnapshot < this.#snapshotAfter) return;
    this.#txnsSinceSnapshot = 0;
    this.#snapshotAfter = this.#drawSnapshotDistance();
    this.#storage.saveSnapshot(this.#tree.snapshot());
  }

  /** Servers draw different distances, so that they do not all snapshot at once. */
  #drawSnapshotDistance(): number {
    const half = Math.ceil((this.#options.snapCount ?? 100_000) / 2);
    return half + this.#context.chance('zookeeper-snapshot').below(half);
  }

  #observe(what: Observation): void {
    if (what.kind === 'election-started') this.#elections += 1;
    reportObservation(this.#context, what, (sid) => this.#directory.nodeOf(sid));
    if (what.kind === 'session-moved' && what.to !== this.#options.sid) this.#clients.onSessionMoved(what.sessionId);
  }

  #setTimer(name: string, delayMs: number): void {
    this.#timers.get(name)?.cancel();
    this.#timers.set(name, this.#context.after(delayMs * 1000, this.#onTimer, name));
  }

  readonly #onTimer = (name: string): void => {
    this.#timers.delete(name);
    this.#feed({ kind: 'timer', name });
  };
}

/** What /zookeeper/config says. Nothing is reconfigured here, so its version stays 0. */
function configText({ servers }: ServerOptions): string {
  const lines = servers.map(({ sid, node }) => `server.${sid}=${node}:2888:3888:participant;${node}:${CLIENT_PORT}`);
  return [...lines, 'version=0'].join('\n');
}

function directoryOf(options: ServerOptions): Directory {
  const nodes = new Map(options.servers.map(({ sid, node }) => [sid, node]));
  const sids = new Map(options.servers.map(({ sid, node }) => [node, sid]));
  return { sid: options.sid, nodeOf: (sid) => nodes.get(sid) ?? `server ${sid}`, sidOf: (node) => sids.get(node) };
}

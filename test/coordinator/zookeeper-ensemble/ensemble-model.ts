/**
 * A few consensus machines with the simplest world around them: messages take 1 ms, a disk write 1 ms, a cut holds messages
 * back until it is healed. Commands come as lines of text, what happens goes out as lines of text.
 */

import { OpCode, zkCodeName } from '../../../src/coordinator/zookeeper/ensemble/codes.ts';
import { DataTree } from '../../../src/coordinator/zookeeper/ensemble/data-tree.ts';
import { History } from '../../../src/coordinator/zookeeper/ensemble/history.ts';
import type { QuorumPacket, Snapshot, WriteRequest } from '../../../src/coordinator/zookeeper/ensemble/messages.ts';
import type { Txn, TxnBody } from '../../../src/coordinator/zookeeper/ensemble/txn.ts';
import { ZabPeer } from '../../../src/coordinator/zookeeper/ensemble/zab.ts';
import type {
  DiskWrite,
  Observation,
  ZabEffect,
  ZabInput,
} from '../../../src/coordinator/zookeeper/ensemble/zab-core.ts';
import { formatZxid } from '../../../src/coordinator/zookeeper/ensemble/zxid.ts';

interface Stored {
  snapshot: Snapshot | null;
  log: Txn[];
  acceptedEpoch: number;
  currentEpoch: number;
}

interface Server {
  readonly sid: number;
  readonly stored: Stored;
  peer: ZabPeer | null;
  tree: DataTree;
  incarnation: number;
  readonly timers: Map<string, number>;
  /** Number of the live quorum connection to a peer. */
  readonly connections: Map<number, number>;
  /** Milliseconds that a write takes. */
  diskMs: number;
  diskFreeAtMs: number;
  serving: boolean;
}

interface Due {
  readonly atMs: number;
  readonly seq: number;
  readonly run: () => void;
}

const LATENCY_MS = 1;
const WALL_MS = 1_700_000_000_000;

export class EnsembleModel {
  readonly servers = new Map<number, Server>();
  nowMs = 0;
  /** What has happened since it was last taken. */
  lines: string[] = [];
  /** Told of every txn that a server applies, and of every state that one takes over or begins with. */
  onApplied: (sid: number, txn: Txn) => void = () => {};
  onRestored: (sid: number, zxid: number) => void = () => {};
  onEstablished: (sid: number, epoch: number) => void = () => {};
  voice: 'quiet' | 'show' | 'loud' = 'show';
  #queue: Due[] = [];
  #seq = 0;
  #connectionCount = 0;
  #cuts = new Set<string>();
  #held: { readonly from: number; readonly to: number; readonly run: () => void }[] = [];
  readonly #config: {
    readonly voters: readonly number[];
    readonly tickTimeMs: number;
    readonly initLimit: number;
    readonly syncLimit: number;
  };

  constructor(count: number) {
    const voters = Array.from({ length: count }, (_, i) => i + 1);
    this.#config = { voters, tickTimeMs: 2000, initLimit: 10, syncLimit: 5 };
    for (const sid of voters) {
      this.servers.set(sid, {
        sid,
        stored: { snapshot: null, log: [], acceptedEpoch: 0, currentEpoch: 0 },
        peer: null,
        tree: new DataTree(),
        incarnation: 0,
        timers: new Map(),
        connections: new Map(),
        diskMs: 1,
        diskFreeAtMs: 0,
        serving: false,
      });
    }
  }

  server(sid: number): Server {
    const server = this.servers.get(sid);
    if (server === undefined) throw new Error(`no server ${sid}`);
    return server;
  }

  leader(): Server | undefined {
    return [...this.servers.values()].find((server) => server.peer?.state === 'LEADING' && server.serving);
  }

  start(sid: number): void {
    const server = this.server(sid);
    const { stored } = server;
    server.incarnation++;
    server.tree = new DataTree();
    if (stored.snapshot !== null) server.tree.restore(stored.snapshot);
    this.onRestored(sid, server.tree.lastZxid);
    const { acceptedEpoch, currentEpoch } = stored;
    const history = new History(server.tree.lastZxid, stored.log);
    server.peer = new ZabPeer({ ...this.#config, sid }, { history, tree: server.tree, acceptedEpoch, currentEpoch });
    this.step(sid, { kind: 'start' });
  }

  /** Power loss: what the disk has not finished is gone, and what a cut held back; the peers see their connections end. */
  crash(sid: number): void {
    const server = this.server(sid);
    server.peer = null;
    server.serving = false;
    server.incarnation++;
    server.timers.clear();
    this.#held = this.#held.filter(({ from }) => from !== sid);
    for (const peer of [...server.connections.keys()]) this.#hangUp(sid, peer);
  }

  cut(a: number, b: number): void {
    this.#cuts.add(`${a}>${b}`);
    this.#cuts.add(`${b}>${a}`);
  }

  heal(): void {
    this.#cuts.clear();
    const held = this.#held;
    this.#held = [];
    for (const { run } of held) this.#after(0, run);
  }

  step(sid: number, input: ZabInput): void {
    const server = this.server(sid);
    if (server.peer === null) return;
    const effects = server.peer.step(input, { nowMs: this.nowMs, wallMs: WALL_MS + this.nowMs });
    for (const effect of effects) this.#carryOut(server, effect);
  }

  submit(sid: number, sessionId: number, request: WriteRequest): void {
    this.step(sid, { kind: 'request', request: { sessionId, cxid: 0, request } });
  }

  run(ms: number): void {
    const endMs = this.nowMs + ms;
    while (this.#queue.length > 0 && this.#queue[0]!.atMs <= endMs) {
      const due = this.#queue.shift()!;
      this.nowMs = due.atMs;
      due.run();
    }
    this.nowMs = endMs;
  }

  #after(delayMs: number, run: () => void): void {
    const due = { atMs: this.nowMs + delayMs, seq: this.#seq++, run };
    let at = this.#queue.length;
    while (at > 0 && this.#queue[at - 1]!.atMs > due.atMs) at--;
    this.#queue.splice(at, 0, due);
  }

  #travel(from: number, to: number, run: () => void): void {
    const arrive = (): void => {
      if (this.#cuts.has(`${from}>${to}`)) this.#held.push({ from, to, run });
      else run();
    };
    this.#after(LATENCY_MS, arrive);
  }

  #say(sid: number, text: string): void {
    if (this.voice === 'quiet') return;
    this.lines.push(`${String(this.nowMs).padStart(6)} ms  ${sid} ${text}`);
  }

  #carryOut(server: Server, effect: ZabEffect): void {
    const { sid } = server;
    switch (effect.kind) {
      case 'notify': {
        const { notification, to } = effect;
        // A notification of an earlier moment has been overtaken by later ones when a cut heals: only what travels arrives.
        this.#after(LATENCY_MS, () => {
          if (!this.#cuts.has(`${sid}>${to}`)) this.step(to, { kind: 'notification', from: sid, notification });
        });
        break;
      }
      case 'connect':
        this.#connect(server, effect.to);
        break;
      case 'disconnect':
        this.#hangUp(sid, effect.peer);
        break;
      case 'send':
        this.#send(server, effect.to, effect.packet);
        break;
      case 'persist':
        this.#persist(server, effect.ticket, effect.write);
        break;
      case 'set-timer':
        this.#setTimer(server, effect.name, effect.delayMs);
        break;
      case 'cancel-timers':
        server.timers.clear();
        break;
      case 'become':
        if (effect.state === 'LOOKING') for (const peer of [...server.connections.keys()]) this.#hangUp(sid, peer);
        this.#say(sid, effect.state === 'LOOKING' ? 'LOOKING' : `${effect.state} ${effect.leader}`);
        break;
      case 'commit': {
        const { err } = server.tree.apply(effect.txn);
        this.onApplied(sid, effect.txn);
        const failed = err === 0 ? '' : ` ${zkCodeName(err)}`;
        this.#say(sid, `applied ${formatZxid(effect.txn.zxid)} ${describe(effect.txn.body)}${failed}`);
        break;
      }
      case 'restore':
        server.tree.restore(effect.snapshot);
        this.onRestored(sid, effect.snapshot.zxid);
        break;
      case 'serve':
        server.tree.lastZxid = Math.max(server.tree.lastZxid, effect.zxid);
        server.serving = true;
        this.#say(sid, 'serves clients');
        this.step(sid, { kind: 'started' });
        break;
      case 'stop-serving':
        server.serving = false;
        break;
      case 'synced':
        this.#say(sid, `synced session=${effect.sessionId}`);
        break;
      case 'revalidated':
        this.#say(sid, `session ${effect.sessionId} ${effect.valid ? 'is valid' : 'is over'}`);
        break;
      case 'observe':
        if (effect.what.kind === 'epoch-established') this.onEstablished(sid, effect.what.epoch);
        this.#say(sid, observed(effect.what));
        break;
    }
  }

  #connect(server: Server, to: number): void {
    const { sid, incarnation } = server;
    const id = ++this.#connectionCount;
    server.connections.set(to, id);
    this.#travel(sid, to, () => {
      const leader = this.server(to);
      const accepted = leader.peer?.state === 'LEADING';
      if (accepted) leader.connections.set(sid, id);
      this.#travel(to, sid, () => {
        if (server.incarnation !== incarnation || server.connections.get(to) !== id) return;
        if (!accepted) server.connections.delete(to);
        this.step(sid, { kind: accepted ? 'connected' : 'disconnected', peer: to });
      });
    });
  }

  #hangUp(sid: number, peer: number): void {
    const server = this.server(sid);
    const id = server.connections.get(peer);
    if (id === undefined) return;
    server.connections.delete(peer);
    this.#travel(sid, peer, () => {
      const other = this.server(peer);
      if (other.connections.get(sid) !== id) return;
      other.connections.delete(sid);
      this.step(peer, { kind: 'disconnected', peer: sid });
    });
  }

  #send(server: Server, to: number, packet: QuorumPacket): void {
    const { sid } = server;
    const id = server.connections.get(to);
    if (id === undefined) return;
    if (this.voice === 'loud')
      this.#say(sid, `→ ${to} ${packet.type}${'zxid' in packet ? ` ${formatZxid(packet.zxid)}` : ''}`);
    this.#travel(sid, to, () => {
      if (this.server(to).connections.get(sid) === id) this.step(to, { kind: 'packet', from: sid, packet });
    });
  }

  #persist(server: Server, ticket: number, write: DiskWrite): void {
    const { incarnation, stored } = server;
    server.diskFreeAtMs = Math.max(server.diskFreeAtMs, this.nowMs) + server.diskMs;
    this.#after(server.diskFreeAtMs - this.nowMs, () => {
      if (server.incarnation !== incarnation) return;
      if (write.kind === 'accepted-epoch') stored.acceptedEpoch = write.epoch;
      else if (write.kind === 'current-epoch') stored.currentEpoch = write.epoch;
      else if (write.kind === 'append') stored.log.push(write.txn);
      else if (write.kind === 'truncate') stored.log = stored.log.filter((txn) => txn.zxid <= write.zxid);
      else {
        stored.snapshot = write.snapshot;
        stored.log = [];
      }
      this.step(server.sid, { kind: 'persisted', ticket });
    });
  }

  #setTimer(server: Server, name: string, delayMs: number): void {
    const id = this.#seq;
    server.timers.set(name, id);
    this.#after(delayMs, () => {
      if (server.timers.get(name) !== id) return;
      server.timers.delete(name);
      this.step(server.sid, { kind: 'timer', name });
    });
  }
}

export function describe(body: TxnBody): string {
  switch (body.type) {
    case OpCode.create:
      return `create ${body.path}${body.ephemeral ? ' (ephemeral)' : ''}`;
    case OpCode.delete:
      return `delete ${body.path}`;
    case OpCode.setData:
      return `setData ${body.path}`;
    case OpCode.setACL:
      return `setACL ${body.path}`;
    case OpCode.check:
      return `check ${body.path}`;
    case OpCode.error:
      return 'error';
    case OpCode.createSession:
      return 'createSession';
    case OpCode.closeSession:
      return `closeSession [${body.paths2Delete.join(' ')}]`;
    case OpCode.multi:
      return `multi [${body.txns.map(describe).join(', ')}]`;
  }
}

function observed(what: Observation): string {
  const fields = Object.entries(what).filter(([name]) => name !== 'kind');
  const shown = fields.map(([name, value]) => {
    const isZxid = name === 'zxid' || name === 'from' || (name === 'to' && what.kind !== 'session-moved');
    return `${name}=${isZxid ? formatZxid(value as number) : String(value)}`;
  });
  return [what.kind, ...shown].join(' ');
}

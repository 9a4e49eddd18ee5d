import type { CloseReason, ConnectionHandler, Micros, SightedMessage } from './api.ts';
import {
  ConnectionEnd,
  deliver,
  deliverSighted,
  FIN,
  finArrived,
  type Host,
  type Resident,
  resetArrived,
  type Transport,
  tellOpen,
} from './connection.ts';
import { kernelEvents } from './events.ts';
import type { Link } from './link.ts';
import type { Handler } from './owner.ts';
import type { Scheduler } from './scheduler.ts';
import { Sighting } from './sighting.ts';
import type { TraceRecorder } from './trace.ts';

/** Retransmission time-outs double from 200 ms to 120 s; after 15 of them, some 15 minutes, TCP gives up (tcp_retries2). */
const FIRST_RETRANSMISSION_US = 200_000;
const LONGEST_RETRANSMISSION_US = 120_000_000;
const MAX_RETRANSMISSIONS = 15;
/** A connection attempt is repeated after 1, 3, 7, 15, 31 and 63 s and given up after 127 s (tcp_syn_retries). */
const FIRST_SYN_RETRY_US = 1_000_000;
const MAX_SYN_RETRIES = 6;
/** Bytes of a segment whose handler does not tell its size. */
const PLAIN_SEGMENT_BYTES = 64;

export interface LinkTable {
  link(from: string, to: string): Link;
}

/**
 * The life of connections: how they come to be, what happens to segments when the way or the peer fails, and how
 * they end. Simplifications: an acknowledgement costs nothing and is lost only where the way back is blocked; the send
 * window is not bounded; a lost segment waits for the time-out (no fast retransmission).
 */
export class TcpTransport implements Transport {
  readonly scheduler: Scheduler;
  /** Those who listen in; while there are any, no way is plain. */
  listeners: readonly ((message: SightedMessage) => void)[] = [];
  private readonly trace: TraceRecorder;
  private readonly table: LinkTable;
  private nextId = 1;
  private readonly synDue = (end: ConnectionEnd, attempt: number): void => this.synArrived(end, attempt);
  private readonly synAckDue = (end: ConnectionEnd): void => this.synAckArrived(end);
  private readonly synRetryDue = (end: ConnectionEnd, attempt: number): void => this.sendSyn(end, attempt);
  private readonly retransmissionDue = (end: ConnectionEnd): void => this.timedOut(end);

  constructor(scheduler: Scheduler, trace: TraceRecorder, table: LinkTable) {
    this.scheduler = scheduler;
    this.trace = trace;
    this.table = table;
    scheduler.onDropped = (handler, arg, payload) => {
      if (payload instanceof Sighting) payload.conclude('lost', scheduler.nowUs);
      if (delivers(handler) && arg instanceof ConnectionEnd) this.arrivedAtDead(arg);
    };
  }

  connect(local: Resident, remoteHost: Host, port: string, handler: ConnectionHandler): ConnectionEnd {
    const link = this.table.link(local.host.name, remoteHost.name);
    const end = new ConnectionEnd(this, this.nextId++, port, local, remoteHost, link, handler, true);
    local.ends.add(end);
    this.sendSyn(end, 0);
    return end;
  }

  /** What cannot take the fast path: a rule applies, something waits to be sent again, or somebody listens in. */
  sendSlowly(end: ConnectionEnd, message: unknown): void {
    if (end.mute) return;
    const payload = this.listeners.length === 0 || message === FIN ? message : this.sighted(end, message);
    if (end.retransmission !== null && end.retransmission.waiting.length > 0) {
      for (const block of end.link.blocks) block.hits += 1;
      end.retransmission.waiting.push(payload);
      if (payload instanceof Sighting) payload.become('waiting', payload.sentUs);
    } else if (!end.link.passes()) {
      this.retransmit(end, payload);
    } else {
      this.carry(end, payload);
      if (this.reverseOf(end).blocked) this.retransmit(end, undefined);
    }
  }

  closeOrderly(end: ConnectionEnd): void {
    const { state } = end;
    this.forget(end);
    if (state === 'open') this.sendSlowly(end, FIN);
  }

  arrivedAtClosed(end: ConnectionEnd): void {
    this.answerDead(end);
  }

  closeAbruptly(end: ConnectionEnd): void {
    this.forget(end);
    this.silence(end);
    const { peer } = end;
    if (peer === null || peer.state === 'closed') return;
    peer.deaf = true;
    this.sendReset(end, peer);
  }

  /** The process ended but its machine runs: the operating system closes its connections. */
  closeAllOf(resident: Resident): void {
    const unread = new Set<unknown>();
    for (const entry of resident.held) if (delivers(entry.handler)) unread.add(entry.arg);
    this.loseAll(resident.held.map(({ payload }) => payload));
    for (const end of [...resident.ends]) {
      if (!unread.has(end)) this.closeOrderly(end);
      else {
        // Data that nobody read turns the orderly end into a reset (RFC 2525, 2.17); what was sent still arrives.
        this.forget(end);
        this.silence(end);
        if (end.peer !== null) this.sendReset(end, end.peer);
      }
    }
  }

  /** The machine is gone: not even the operating system answers. */
  silenceAllOf(resident: Resident): void {
    this.loseAll(resident.held.map(({ payload }) => payload));
    for (const end of [...resident.ends]) {
      this.forget(end);
      this.silence(end);
    }
  }

  /** Breaks a connection from outside; both ends see it now. */
  break(end: ConnectionEnd): void {
    for (const side of [end, end.peer]) {
      if (side === null || side.state === 'closed') continue;
      side.deaf = true;
      this.silence(side);
      this.scheduler.post(this.scheduler.nowUs, side.local, resetArrived, side, undefined);
    }
  }

  ended(end: ConnectionEnd, reason: CloseReason): void {
    if (end.state === 'closed') return;
    this.forget(end);
    this.silence(end);
    this.scheduler.runFor(end.local, tellClosed, end, reason);
  }

  /** The peer's SYN is here: the operating system answers, even while the process is paused. */
  private synArrived(client: ConnectionEnd, attempt: number): void {
    if (client.state !== 'connecting') return;
    const { remoteHost } = client;
    const back = this.reverseOf(client);
    if (!remoteHost.powered || !back.passes()) {
      this.retrySyn(client, attempt);
      return;
    }
    const resident = remoteHost.resident;
    const handler = resident?.listeners.get(client.port);
    const { scheduler } = this;
    if (resident === null || handler === undefined) {
      back.carry(scheduler, 0, PLAIN_SEGMENT_BYTES, scheduler.world, refusalArrived, client, undefined);
      return;
    }
    const server = new ConnectionEnd(this, client.id, client.port, resident, client.local.host, back, handler, false);
    server.peer = client;
    client.peer = server;
    resident.ends.add(server);
    const owner = scheduler.world;
    server.latestArrivalUs = back.carry(scheduler, 0, PLAIN_SEGMENT_BYTES, owner, this.synAckDue, client, undefined);
    scheduler.runFor(resident, tellOpen, server, undefined);
  }

  private synAckArrived(client: ConnectionEnd): void {
    const server = client.peer;
    if (server === null) return;
    if (client.state === 'closed') {
      if (client.local.host.powered) this.sendReset(client, server);
      return;
    }
    client.state = 'open';
    const { scheduler } = this;
    scheduler.cause = this.trace.record(
      scheduler.nowUs,
      client.local.host.source,
      kernelEvents['connection-opened'],
      [client.id, client.remoteNode, client.port],
      scheduler.cause,
    );
    const backlog = client.backlog;
    client.backlog = null;
    if (backlog !== null) for (const message of backlog) client.send(message);
    scheduler.runFor(client.local, tellOpen, client, undefined);
  }

  private sendSyn(end: ConnectionEnd, attempt: number): void {
    if (end.state !== 'connecting') return;
    if (attempt > MAX_SYN_RETRIES) {
      this.ended(end, 'timeout');
      return;
    }
    end.attemptedUs = this.scheduler.nowUs;
    if (!end.link.passes()) {
      this.retrySyn(end, attempt);
    } else {
      const { scheduler } = this;
      end.link.carry(scheduler, 0, PLAIN_SEGMENT_BYTES, scheduler.world, this.synDue, end, attempt);
    }
  }

  /** A retransmission time-out: everything that waits goes again, if it can. */
  private timedOut(end: ConnectionEnd): void {
    const retransmission = end.retransmission;
    if (retransmission === null || end.mute) return;
    if (end.isLost) {
      this.silence(end);
      return;
    }
    retransmission.attempts += 1;
    if (retransmission.attempts > MAX_RETRANSMISSIONS) {
      if (end.state === 'closed') this.silence(end);
      else this.ended(end, 'timeout');
      return;
    }
    if (!end.link.passes()) {
      this.arm(end);
      return;
    }
    const waiting = retransmission.waiting.splice(0);
    for (const payload of waiting) this.carry(end, payload);
    if (this.reverseOf(end).blocked || !end.remoteHost.powered) {
      this.arm(end);
      return;
    }
    end.retransmission = null;
    if (end.peer !== null && end.peer.state === 'closed' && waiting.length === 0) this.answerDead(end.peer);
  }

  recordEnd(end: ConnectionEnd, reason: CloseReason): void {
    const { scheduler, trace } = this;
    const kind = reason === 'refused' ? kernelEvents['connection-refused'] : kernelEvents['connection-closed'];
    const values =
      reason === 'refused' ? [end.id, end.remoteNode, end.port] : [end.id, end.remoteNode, end.port, reason];
    scheduler.cause = trace.record(scheduler.nowUs, end.local.host.source, kind, values, scheduler.cause);
  }

  /** A message reached a process that is gone. */
  private arrivedAtDead(end: ConnectionEnd): void {
    if (end.deaf) return;
    const sender = end.peer;
    if (end.local.host.powered) this.answerDead(end);
    else if (sender !== null && !sender.mute) this.retransmit(sender, undefined);
  }

  /** The machine runs, the connection is unknown to it: it answers with a reset. */
  private answerDead(end: ConnectionEnd): void {
    if (end.peer !== null) this.sendReset(end, end.peer);
  }

  /** A reset is sent once; if it is lost, the peer finds out when it sends again. */
  private sendReset(from: ConnectionEnd, to: ConnectionEnd): void {
    if (to.state === 'closed' || !from.link.passes()) return;
    from.link.carry(this.scheduler, from.latestArrivalUs, PLAIN_SEGMENT_BYTES, to.local, resetArrived, to, undefined);
  }

  private carry(end: ConnectionEnd, payload: unknown): void {
    const peer = end.peer!;
    const { link } = end;
    const bytes = link.measured ? sizeOf(end, payload) : 0;
    const handler = payload === FIN ? finArrived : payload instanceof Sighting ? deliverSighted : deliver;
    end.latestArrivalUs = link.carry(this.scheduler, end.latestArrivalUs, bytes, peer.local, handler, peer, payload);
    if (!(payload instanceof Sighting)) return;
    if (link.holding) payload.become('held', this.scheduler.nowUs);
    else payload.become('under way', end.latestArrivalUs);
  }

  private sighted(end: ConnectionEnd, message: unknown): Sighting {
    const { scheduler, listeners } = this;
    const sighting = new Sighting(end, message, scheduler.nowUs, scheduler.cause);
    for (let index = 0; index < listeners.length; index++) listeners[index]!(sighting);
    return sighting;
  }

  private loseAll(payloads: readonly unknown[]): void {
    for (const payload of payloads) if (payload instanceof Sighting) payload.conclude('lost', this.scheduler.nowUs);
  }

  private retransmit(end: ConnectionEnd, payload: unknown): void {
    if (end.retransmission === null) {
      const timer = this.scheduler.timer(
        this.scheduler.nowUs + FIRST_RETRANSMISSION_US,
        this.scheduler.world,
        this.retransmissionDue,
        end,
      );
      end.retransmission = { waiting: [], attempts: 0, timer };
    }
    if (payload === undefined) return;
    end.retransmission.waiting.push(payload);
    if (payload instanceof Sighting) payload.become('waiting', payload.sentUs);
  }

  private arm(end: ConnectionEnd): void {
    const retransmission = end.retransmission!;
    const delayUs = Math.min(FIRST_RETRANSMISSION_US * 2 ** retransmission.attempts, LONGEST_RETRANSMISSION_US);
    const { scheduler } = this;
    retransmission.timer = scheduler.timer(scheduler.nowUs + delayUs, scheduler.world, this.retransmissionDue, end);
  }

  private retrySyn(end: ConnectionEnd, attempt: number): void {
    const { scheduler } = this;
    const atUs: Micros = Math.max(scheduler.nowUs, end.attemptedUs + FIRST_SYN_RETRY_US * 2 ** attempt);
    scheduler.post(atUs, scheduler.world, this.synRetryDue, end, attempt + 1);
  }

  private forget(end: ConnectionEnd): void {
    end.state = 'closed';
    end.local.ends.delete(end);
  }

  private silence(end: ConnectionEnd): void {
    end.mute = true;
    if (end.retransmission === null) return;
    end.retransmission.timer.cancel();
    this.loseAll(end.retransmission.waiting);
    end.retransmission = null;
  }

  private reverseOf(end: ConnectionEnd): Link {
    return this.table.link(end.link.to, end.link.from);
  }
}

function refusalArrived(client: ConnectionEnd): void {
  client.transport.ended(client, 'refused');
}

/** Records the end and tells the program, whose reaction is caused by it. */
function tellClosed(end: ConnectionEnd, reason: CloseReason): void {
  end.transport.recordEnd(end, reason);
  end.handler.onClose(end, reason);
}

function delivers(handler: Handler): boolean {
  return handler === deliver || handler === deliverSighted;
}

function sizeOf(end: ConnectionEnd, payload: unknown): number {
  if (payload === FIN || end.handler.sizeOf === undefined) return PLAIN_SEGMENT_BYTES;
  return end.handler.sizeOf(payload instanceof Sighting ? payload.message : payload);
}

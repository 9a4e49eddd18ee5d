import type { CloseReason, Connection, ConnectionHandler, Micros } from './api.ts';
import type { Link } from './link.ts';
import type { Alarm, Owner } from './owner.ts';
import type { Scheduler } from './scheduler.ts';
import type { Sighting } from './sighting.ts';
import type { Named } from './trace-codec.ts';

/** A machine, as the network sees it. */
export interface Host {
  readonly name: string;
  /** Its name in the trace. */
  readonly source: Named;
  readonly powered: boolean;
  /** Base latency of its links, if not the network's. */
  readonly linkLatencyUs?: Micros | undefined;
  /** How often it lost its power: nothing in its memory outlives that. */
  readonly powerCycle: number;
  /** The process that runs on it, if any. */
  readonly resident: Resident | null;
}

/** A process, as the network sees it. */
export interface Resident extends Owner {
  readonly host: Host;
  readonly ends: Set<ConnectionEnd>;
  readonly listeners: Map<string, ConnectionHandler>;
}

export type ConnectionState = 'connecting' | 'open' | 'closed';

/** What an end asks of the transport when a segment cannot simply be sent, and what it tells it has come due. */
export interface Transport {
  readonly scheduler: Scheduler;
  sendSlowly(end: ConnectionEnd, payload: unknown): void;
  closeOrderly(end: ConnectionEnd): void;
  closeAbruptly(end: ConnectionEnd): void;
  /** A message arrived at an end that its process has closed. */
  arrivedAtClosed(end: ConnectionEnd): void;
  /** The connection is over for this end. */
  ended(end: ConnectionEnd, reason: CloseReason): void;
  /** Enters the end in the trace; what follows is caused by it. */
  recordEnd(end: ConnectionEnd, reason: CloseReason): void;
}

/** Sent through the stream like a message: the sender's side ends here. */
export const FIN: unique symbol = Symbol('FIN');

/** Segments that were not acknowledged, and the timer that sends them again. */
export interface Retransmission {
  readonly waiting: unknown[];
  attempts: number;
  timer: Alarm;
}

/** One end of a connection. The rest of its life than plain sending is in transport.ts. */
export class ConnectionEnd implements Connection {
  readonly id: number;
  readonly port: string;
  readonly local: Resident;
  readonly remoteHost: Host;
  readonly link: Link;
  readonly handler: ConnectionHandler;
  readonly initiator: boolean;
  state: ConnectionState;
  peer: ConnectionEnd | null = null;
  /** Nothing that this end sends arrives earlier: the stream keeps its order. */
  latestArrivalUs: Micros = 0;
  /** When the latest SYN was sent, while the connection does not stand yet. */
  attemptedUs: Micros = 0;
  /** What was sent before the connection stood. */
  backlog: unknown[] | null = null;
  retransmission: Retransmission | null = null;
  /** What is on its way to this end is lost: the connection was broken. */
  deaf = false;
  /** This end sends nothing any more, not even what waits. */
  mute = false;
  readonly transport: Transport;
  private readonly powerCycle: number;

  constructor(
    transport: Transport,
    id: number,
    port: string,
    local: Resident,
    remoteHost: Host,
    link: Link,
    handler: ConnectionHandler,
    initiator: boolean,
  ) {
    this.transport = transport;
    this.id = id;
    this.port = port;
    this.local = local;
    this.remoteHost = remoteHost;
    this.link = link;
    this.handler = handler;
    this.initiator = initiator;
    this.state = initiator ? 'connecting' : 'open';
    this.powerCycle = local.host.powerCycle;
  }

  /** Whether the machine has lost its power since, and with it all that was still to be sent. */
  get isLost(): boolean {
    return this.powerCycle !== this.local.host.powerCycle;
  }

  get localNode(): string {
    return this.local.host.name;
  }

  get remoteNode(): string {
    return this.remoteHost.name;
  }

  get open(): boolean {
    return this.state === 'open';
  }

  send(message: unknown): void {
    if (this.state === 'open') {
      const { link } = this;
      if (link.plain && this.retransmission === null) {
        const { scheduler } = this.transport;
        let atUs = scheduler.nowUs + link.latencyUs;
        if (link.jitterUs > 0) atUs += link.chance.below(link.jitterUs + 1);
        if (atUs < this.latestArrivalUs) atUs = this.latestArrivalUs;
        else this.latestArrivalUs = atUs;
        const peer = this.peer!;
        scheduler.post(atUs, peer.local, deliver, peer, message);
      } else {
        this.transport.sendSlowly(this, message);
      }
    } else if (this.state === 'connecting') {
      this.backlog ??= [];
      this.backlog.push(message);
    }
  }

  close(): void {
    if (this.state !== 'closed') this.transport.closeOrderly(this);
  }

  reset(): void {
    if (this.state !== 'closed') this.transport.closeAbruptly(this);
  }
}

/** A message arrives. */
export function deliver(end: ConnectionEnd, message: unknown): void {
  if (end.deaf) return;
  if (end.state === 'open') end.handler.onMessage(end, message);
  else end.transport.arrivedAtClosed(end);
}

/** A message arrives that somebody listens in on. */
export function deliverSighted(end: ConnectionEnd, sighting: Sighting): void {
  const { nowUs } = end.transport.scheduler;
  const read = !end.deaf && end.state === 'open';
  const message = sighting.conclude(read ? 'arrived' : 'lost', nowUs);
  deliver(end, message);
}

export function finArrived(end: ConnectionEnd): void {
  if (!end.deaf) end.transport.ended(end, 'closed');
}

export function resetArrived(end: ConnectionEnd): void {
  end.transport.ended(end, 'reset');
}

export function tellOpen(end: ConnectionEnd): void {
  if (end.state === 'open') end.handler.onOpen?.(end);
}

/** What a program gets that connects after its process has ended: a connection that never was. */
export function deadConnection(localNode: string, remoteNode: string, port: string): Connection {
  const nothing = (): void => {};
  return { id: 0, localNode, remoteNode, port, open: false, send: nothing, close: nothing, reset: nothing };
}

import type {
  Chance,
  Connection,
  ConnectionHandler,
  Context,
  Disk,
  EventId,
  EventKind,
  FieldValue,
  Micros,
  Program,
  Timer,
} from './api.ts';
import { assert, fail } from './assert.ts';
import { type ConnectionEnd, deadConnection, type Host, type Resident } from './connection.ts';
import { ThreadPool } from './cpu.ts';
import { GATE_DEAD, GATE_OPEN, type Gate, type HeldCall } from './owner.ts';
import type { EventQueue } from './queue.ts';
import type { Scheduler } from './scheduler.ts';

/** What a process needs of its machine. */
export interface Machine extends Host {
  readonly scheduler: Scheduler;
  readonly cpuThreads: number;
  readonly speed: { factor: number };
  chance(concern: string): Chance;
  wallMs(): number;
  mountsFor(process: Process): readonly Disk[];
  connect(process: Process, toNode: string, port: string, handler: ConnectionHandler): Connection;
  record(kind: EventKind, values: readonly FieldValue[], cause: EventId): EventId;
  exited(process: Process, code: number, reason: string): void;
}

/** One incarnation of a program: what it may still do, and all that ends with it. */
export class Process implements Resident, Context {
  gate: Gate = GATE_OPEN;
  held: HeldCall[] = [];
  readonly host: Machine;
  readonly node: string;
  readonly incarnation: number;
  readonly queue: EventQueue;
  readonly ends = new Set<ConnectionEnd>();
  readonly listeners = new Map<string, ConnectionHandler>();
  readonly cpu: ThreadPool;
  program: Program | null = null;
  private readonly scheduler: Scheduler;
  private readonly disks: readonly Disk[];

  constructor(host: Machine, incarnation: number) {
    this.host = host;
    this.node = host.name;
    this.incarnation = incarnation;
    this.scheduler = host.scheduler;
    this.queue = host.scheduler.queue;
    this.cpu = new ThreadPool(host.scheduler, this, host.cpuThreads, host.speed);
    this.disks = host.mountsFor(this);
  }

  nowUs(): Micros {
    return this.scheduler.nowUs;
  }

  nowMs(): number {
    return Math.floor(this.scheduler.nowUs / 1000);
  }

  wallMs(): number {
    return this.host.wallMs();
  }

  after<A>(delayUs: Micros, handler: (arg: A) => void, arg: A): Timer {
    if (this.gate === GATE_DEAD) return DEAD_TIMER;
    if (!(delayUs >= 0)) fail(`a delay of ${delayUs}`);
    return this.scheduler.timer(this.scheduler.nowUs + delayUs, this, handler, arg);
  }

  chance(concern: string): Chance {
    return this.host.chance(concern);
  }

  listen(port: string, handler: ConnectionHandler): { close(): void } {
    const { listeners } = this;
    if (this.gate !== GATE_DEAD) {
      assert(!listeners.has(port), `${this.node} listens to port ${port} already`);
      listeners.set(port, handler);
    }
    return {
      close: () => {
        if (listeners.get(port) === handler) listeners.delete(port);
      },
    };
  }

  connect(toNode: string, port: string, handler: ConnectionHandler): Connection {
    if (this.gate === GATE_DEAD) return deadConnection(this.node, toNode, port);
    return this.host.connect(this, toNode, port, handler);
  }

  disk(index: number): Disk {
    const disk = this.disks[index];
    return disk ?? fail(`${this.node} has no disk ${index}`);
  }

  get diskCount(): number {
    return this.disks.length;
  }

  emit(kind: EventKind, values: readonly FieldValue[], cause?: EventId): EventId {
    if (this.gate === GATE_DEAD) return 0;
    return this.host.record(kind, values, cause ?? this.scheduler.cause);
  }

  get cause(): EventId {
    return this.scheduler.cause;
  }

  set cause(cause: EventId) {
    if (this.gate !== GATE_DEAD) this.scheduler.cause = cause;
  }

  exit(code: number, reason: string): void {
    if (this.gate !== GATE_DEAD) this.host.exited(this, code, reason);
  }
}

const DEAD_TIMER: Timer = { cancel() {} };

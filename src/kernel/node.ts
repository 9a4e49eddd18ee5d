import type {
  Chance,
  Connection,
  ConnectionHandler,
  Disk,
  EventId,
  EventKind,
  FieldValue,
  Micros,
  NodeControl,
  NodeOptions,
  NodeState,
  ProgramFactory,
} from './api.ts';
import type { ChanceStreams } from './chance.ts';
import { WallClock } from './clock.ts';
import { DiskDevice } from './disk.ts';
import { kernelEvents } from './events.ts';
import type { Network } from './network.ts';
import { type Alarm, GATE_DEAD, GATE_OPEN, GATE_PAUSED } from './owner.ts';
import { type Machine, Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';
import type { TraceRecorder } from './trace.ts';
import type { Named } from './trace-codec.ts';

const DEFAULT_CPU_THREADS = 8;
const DEFAULT_SYNC_US = 500;
/** What a shell reports for a process that SIGKILL ended. */
const KILLED_EXIT_CODE = 137;

/** What a machine shares with its world. */
export interface WorldParts {
  readonly scheduler: Scheduler;
  readonly trace: TraceRecorder;
  readonly network: Network;
  readonly chances: ChanceStreams;
  readonly wallEpochMs: number;
}

/** A machine: power, disks, a clock, and at most one process at a time. */
export class MachineNode implements NodeControl, Machine {
  readonly name: string;
  readonly source: Named;
  readonly disks: readonly DiskDevice[];
  readonly clock: WallClock;
  readonly cpuThreads: number;
  readonly linkLatencyUs: Micros | undefined;
  readonly speed = { factor: 1 };
  readonly scheduler: Scheduler;
  state: NodeState = 'stopped';
  incarnation = 0;
  powerCycle = 0;
  resident: Process | null = null;
  exit: { readonly code: number; readonly reason: string } | null = null;
  /** The state that `resume` returns to. */
  private stateBeforePause: NodeState = 'running';
  /** Delivers what was held, as soon as the present step is over. */
  private resuming: Alarm | null = null;
  private listeners: ((state: NodeState) => void)[] = [];
  private readonly parts: WorldParts;

  constructor(options: NodeOptions, parts: WorldParts) {
    const { scheduler, trace } = parts;
    this.name = options.name;
    this.source = { name: options.name, number: -1 };
    this.parts = parts;
    this.scheduler = scheduler;
    this.cpuThreads = options.cpuThreads ?? DEFAULT_CPU_THREADS;
    this.linkLatencyUs = options.linkLatencyUs;
    this.clock = new WallClock(scheduler, trace, this.source, parts.wallEpochMs);
    const syncUs = options.syncUs ?? DEFAULT_SYNC_US;
    this.disks = Array.from(
      { length: options.disks ?? 1 },
      (_, index) => new DiskDevice(index, this.source, scheduler, trace, syncUs),
    );
  }

  get powered(): boolean {
    return this.state !== 'off';
  }

  get cpuGivenUs(): Micros {
    return this.resident?.cpu.givenUs ?? 0;
  }

  start(program: ProgramFactory): boolean {
    if (this.resident !== null) return false;
    this.incarnation += 1;
    const process = new Process(this, this.incarnation);
    this.resident = process;
    this.exit = null;
    const { scheduler } = this;
    const { cause } = scheduler;
    scheduler.cause = this.announce('process-started', [this.incarnation]);
    this.become('running');
    process.program = program(process);
    scheduler.cause = cause;
    return true;
  }

  kill(): boolean {
    const process = this.resident;
    if (process === null) return false;
    this.end(process, 'process-killed', [process.incarnation], { code: KILLED_EXIT_CODE, reason: 'killed' });
    return true;
  }

  terminate(): boolean {
    const process = this.resident;
    if (process === null || this.state !== 'running') return false;
    const { scheduler } = this;
    const { cause } = scheduler;
    scheduler.cause = this.announce('termination-requested', [process.incarnation]);
    this.become('stopping');
    scheduler.post(scheduler.nowUs, process, terminationDue, process, undefined);
    scheduler.cause = cause;
    return true;
  }

  pause(): boolean {
    const process = this.resident;
    if (process === null || this.state === 'paused') return false;
    this.resuming?.cancel();
    this.resuming = null;
    process.gate = GATE_PAUSED;
    this.stateBeforePause = this.state;
    this.announce('process-paused', [process.incarnation]);
    this.become('paused');
    return true;
  }

  resume(): boolean {
    const process = this.resident;
    if (process === null || this.state !== 'paused') return false;
    this.announce('process-resumed', [process.incarnation]);
    // The gate opens in a step of its own, and what was held goes before whatever is due at the same time.
    this.resuming = this.scheduler.timer(this.scheduler.nowUs, this.scheduler.world, resumeDue, this);
    this.become(this.stateBeforePause);
    return true;
  }

  powerOff(): boolean {
    if (this.state === 'off') return false;
    this.powerCycle += 1;
    const process = this.resident;
    if (process !== null) {
      this.retire(process, { code: -1, reason: 'power lost' });
      this.parts.network.transport.silenceAllOf(process);
    }
    let lostFiles = 0;
    let lostBytes = 0;
    for (const disk of this.disks) {
      const lost = disk.losePower();
      lostFiles += lost.lostFiles;
      lostBytes += lost.lostBytes;
    }
    this.announce('machine-powered-off', [lostFiles, lostBytes]);
    this.become('off');
    return true;
  }

  wipe(index: number): boolean {
    const disk = this.disks[index];
    if (disk === undefined || this.resident !== null) return false;
    disk.wipe();
    return true;
  }

  slowDown(factor: number): boolean {
    if (!(factor > 0)) return false;
    this.speed.factor = factor;
    this.announce('process-slowed', [factor]);
    return true;
  }

  onStateChange(listener: (state: NodeState) => void): () => void {
    this.listeners = [...this.listeners, listener];
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }

  chance(concern: string): Chance {
    return this.parts.chances.stream(`${this.name}/${concern}`);
  }

  wallMs(): number {
    return this.clock.nowMs();
  }

  mountsFor(process: Process): readonly Disk[] {
    return this.disks.map((disk) => disk.mountFor(process));
  }

  connect(process: Process, toNode: string, port: string, handler: ConnectionHandler): Connection {
    const { network } = this.parts;
    return network.transport.connect(process, network.hostCalled(toNode), port, handler);
  }

  record(kind: EventKind, values: readonly FieldValue[], cause: EventId): EventId {
    return this.parts.trace.record(this.scheduler.nowUs, this.source, kind, values, cause);
  }

  exited(process: Process, code: number, reason: string): void {
    this.end(process, 'process-stopped', [process.incarnation, code, reason], { code, reason });
  }

  /** What came due during the pause, in order; a new pause or the end may come in between. */
  deliverHeld(process: Process): void {
    this.resuming = null;
    const { held } = process;
    process.held = [];
    process.gate = GATE_OPEN;
    let index = 0;
    while (index < held.length && process.gate === GATE_OPEN) this.scheduler.executeHeld(held[index++]!);
    const rest = held.slice(index);
    if (this.resident === process) process.held.unshift(...rest);
    else for (const entry of rest) this.scheduler.dropHeld(entry);
  }

  private end(
    process: Process,
    kind: 'process-killed' | 'process-stopped',
    values: FieldValue[],
    exit: { code: number; reason: string },
  ): void {
    const { scheduler } = this;
    const { cause } = scheduler;
    scheduler.cause = this.announce(kind, values);
    this.retire(process, exit);
    this.parts.network.transport.closeAllOf(process);
    this.become('stopped');
    scheduler.cause = cause;
  }

  /** From here on nothing of this incarnation happens any more. */
  private retire(process: Process, exit: { code: number; reason: string }): void {
    this.resuming?.cancel();
    this.resuming = null;
    process.gate = GATE_DEAD;
    process.listeners.clear();
    this.resident = null;
    this.exit = exit;
  }

  private become(state: NodeState): void {
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }

  private announce(kind: keyof typeof kernelEvents, values: readonly FieldValue[]): EventId {
    return this.record(kernelEvents[kind], values, this.scheduler.cause);
  }
}

function terminationDue(process: Process): void {
  const { program } = process;
  if (program?.terminate === undefined) process.exit(0, 'terminated');
  else program.terminate();
}

function resumeDue(node: MachineNode): void {
  if (node.resident !== null) node.deliverHeld(node.resident);
}

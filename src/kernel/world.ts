import type {
  Chance,
  EventId,
  EventKind,
  FieldValue,
  Micros,
  NetworkControl,
  NodeControl,
  NodeOptions,
  Timer,
  Trace,
  World,
  WorldOptions,
} from './api.ts';
import { assert } from './assert.ts';
import { ChanceStreams } from './chance.ts';
import { Network } from './network.ts';
import { MachineNode, type WorldParts } from './node.ts';
import { Scheduler } from './scheduler.ts';
import { TraceRecorder } from './trace.ts';
import type { Named } from './trace-codec.ts';

const DEFAULT_LATENCY_US = 500;
const DEFAULT_JITTER_US = 0;
/** 2024-01-01T00:00:00Z. */
const DEFAULT_WALL_EPOCH_MS = 1_704_067_200_000;
const WORLD_NODE = 'world';

/** Makes an empty world at time 0. Everything that will happen in it follows from its seed and what is done to it. */
export function createWorld(options: WorldOptions): World {
  return new MachineRoom(options);
}

class MachineRoom implements World {
  readonly seed: number;
  readonly trace: Trace;
  readonly network: NetworkControl;
  readonly nodes: NodeControl[] = [];
  private readonly scheduler = new Scheduler();
  private readonly parts: WorldParts;
  private readonly byName = new Map<string, MachineNode>();
  private readonly source: Named = { name: WORLD_NODE, number: -1 };

  constructor(options: WorldOptions) {
    assert(Number.isSafeInteger(options.seed), `a seed of ${options.seed}`);
    this.seed = options.seed;
    const { scheduler, source } = this;
    const trace = new TraceRecorder(options.digest);
    const chances = new ChanceStreams(options.seed);
    const network = new Network(scheduler, trace, source, chances, {
      latencyUs: options.latencyUs ?? DEFAULT_LATENCY_US,
      jitterUs: options.jitterUs ?? DEFAULT_JITTER_US,
    });
    const wallEpochMs = options.wallEpochMs ?? DEFAULT_WALL_EPOCH_MS;
    this.parts = { scheduler, trace, network, chances, wallEpochMs };
    this.trace = trace;
    this.network = network;
  }

  get nowUs(): Micros {
    return this.scheduler.nowUs;
  }

  get cause(): EventId {
    return this.scheduler.cause;
  }

  set cause(cause: EventId) {
    this.scheduler.cause = cause;
  }

  get nextUs(): Micros | undefined {
    return this.scheduler.queue.peekUs();
  }

  addNode(options: NodeOptions): NodeControl {
    assert(!this.byName.has(options.name) && options.name !== WORLD_NODE, `the name ${options.name} is taken`);
    const node = new MachineNode(options, this.parts);
    this.byName.set(options.name, node);
    this.nodes.push(node);
    this.parts.network.add(node);
    return node;
  }

  node(name: string): NodeControl | undefined {
    return this.byName.get(name);
  }

  at<A>(timeUs: Micros, handler: (arg: A) => void, arg: A): Timer {
    return this.scheduler.timer(timeUs, this.scheduler.world, handler, arg);
  }

  chance(concern: string): Chance {
    return this.parts.chances.stream(`${WORLD_NODE}/${concern}`);
  }

  emit(kind: EventKind, values: readonly FieldValue[], cause?: EventId, node?: string): EventId {
    const source = node === undefined ? this.source : this.byName.get(node)?.source;
    assert(source !== undefined, `there is no node ${node}`);
    const { scheduler } = this;
    return this.parts.trace.record(scheduler.nowUs, source, kind, values, cause ?? scheduler.cause);
  }

  step(): boolean {
    return this.guarded(Number.POSITIVE_INFINITY, 1) === 1;
  }

  runUntil(timeUs: Micros): void {
    this.guarded(timeUs, Number.POSITIVE_INFINITY);
  }

  runSlice(timeUs: Micros, limit: number): number {
    return this.guarded(timeUs, limit);
  }

  runDue(timeUs: Micros, limit: number): number {
    return this.guarded(timeUs, limit, false);
  }

  stop(): void {
    this.scheduler.stop();
  }

  /** A bug of ours ends the run; the message says how to see it again. */
  private guarded(timeUs: Micros, limit: number, standThere = true): number {
    try {
      return standThere ? this.scheduler.runUntil(timeUs, limit) : this.scheduler.runDue(timeUs, limit);
    } catch (error) {
      if (error instanceof Error && !error.message.includes('[seed ')) {
        error.message += ` [seed ${this.seed}, t=${this.scheduler.nowUs}us]`;
      }
      throw error;
    }
  }
}

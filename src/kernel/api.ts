/**
 * The machine room's contract: what a program sees of the world (`Context`), and what an operator may do to it (`World`).
 * Nothing here knows Kafka. Implementations live beside this file.
 */

/** Virtual time in integer microseconds since the world began. (A scenario's time 0 is a later moment of it, when the cluster is ready.) */
export type Micros = number;

/** Number of an event in the trace, counted from 1; 0 means "no cause". */
export type EventId = number;

/** What a field of an event may hold. Lists are flat. */
export type FieldValue = string | number | boolean | null | readonly (string | number)[];

/**
 * A kind of event. `level` says who cares: `message` (each request and response), `detail` (each append, each watermark),
 * `notable` (what a person wants to read). Every level enters the hash.
 */
export interface EventKind<Fields extends readonly string[] = readonly string[]> {
  readonly name: string;
  readonly fields: Fields;
  readonly level: EventLevel;
  readonly about: string;
}
export type EventLevel = 'message' | 'detail' | 'notable';

export interface TraceEvent {
  readonly id: EventId;
  readonly atUs: Micros;
  /** The node it happened on; `world` for the operator's own. */
  readonly node: string;
  readonly kind: EventKind;
  /** In the order of `kind.fields`. */
  readonly values: readonly FieldValue[];
  readonly cause: EventId;
}

export type TraceListener = (event: TraceEvent) => void;

/** Everything that happened. The dashboard, checkers, ledger and reports are readers of it. */
export interface Trace {
  /** How many events there are so far; also the id of the latest. */
  readonly count: number;
  /** `sha256:…` over every event so far, in order. */
  hash(): string;
  /** Calls back for each later event of these kinds (all kinds, if none are named), in order of subscription. Returns the undoing. */
  subscribe(kinds: readonly EventKind[] | 'all', listener: TraceListener): () => void;
  /** An event that is still kept: `message` and `detail` events are forgotten after a while, their places in chains are not. */
  get(id: EventId): TraceEvent | undefined;
  /** The cause of an event, kept or forgotten (0: none, or too long ago). */
  causeOf(id: EventId): EventId;
}

/** One named stream of chance. Integers only: no engine's floating point decides anything. */
export interface Chance {
  /** A 32-bit unsigned integer. */
  next(): number;
  /** An integer in [0, bound), without bias. `bound` is at most 2^32. */
  below(bound: number): number;
  /** An integer in [low, high], both included. */
  between(low: number, high: number): number;
  /** True `numerator` times out of `denominator`. */
  oneIn(numerator: number, denominator: number): boolean;
  pick<T>(items: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

/** A pending call. Cancelling is idempotent, and does nothing once it has fired. */
export interface Timer {
  cancel(): void;
}

export type CloseReason =
  /** Nobody listens there (the peer's machine runs, the process does not). */
  | 'refused'
  /** The peer closed in an orderly way (FIN), or its process ended. */
  | 'closed'
  /** The connection was broken (RST). */
  | 'reset'
  /** The transport gave up retransmitting: after some 15 minutes, or after 127 s where the connection never stood. */
  | 'timeout';

/**
 * One end of a TCP-like connection: messages of one direction arrive whole and in order, or late, or never, with the
 * connection broken. `send` on a connection that is closed does nothing.
 */
export interface Connection {
  readonly id: number;
  readonly localNode: string;
  readonly remoteNode: string;
  readonly port: string;
  readonly open: boolean;
  send(message: unknown): void;
  /** Orderly: what was sent before still arrives, then the peer sees `closed`. No callback comes to this end any more. */
  close(): void;
  /** Abrupt: the peer sees `reset`; what is in flight is lost. */
  reset(): void;
}

/** What a program does about a connection. One object may serve many connections. */
export interface ConnectionHandler {
  /** The connection stands (for the connecting side: after one round trip). Messages sent before are queued. */
  onOpen?(connection: Connection): void;
  onMessage(connection: Connection, message: unknown): void;
  /** The peer or the network ended it. Not called after an own `close()` or `reset()`. */
  onClose(connection: Connection, reason: CloseReason): void;
  /** Bytes of a message on the wire; asked only where a bandwidth rule applies. */
  sizeOf?(message: unknown): number;
}

export type DiskFault = 'EIO' | 'ENOSPC' | 'EROFS' | 'ENOENT';

/** Thrown by disk operations. Programs catch it at the border of a log directory; nothing else catches it. */
export class DiskError extends Error {
  readonly fault: DiskFault;
  readonly path: string;
  constructor(fault: DiskFault, path: string) {
    super(`${fault}: ${path}`);
    this.name = 'DiskError';
    this.fault = fault;
    this.path = path;
  }
}

/**
 * A file. Writes go to the page cache at once; `sync` makes durable what was written before it was called. A killed
 * process loses nothing; a machine that loses power keeps durable bytes only (names included: creation, rename and
 * deletion become durable with the next sync of the file concerned, or of the directory for a rename; at the latest
 * after five seconds, by the file system's journal, as on ext4). A directory is opened for its sync by its path with a
 * slash at the end: `disk.open('orders-0/').sync(…)`.
 */
export interface DiskFile {
  readonly path: string;
  readonly size: number;
  /** Appends; the bytes must not be changed by the caller afterwards (they are kept by reference). */
  append(bytes: Uint8Array): void;
  /** Overwrites at a position within the file (or at its end). */
  write(position: number, bytes: Uint8Array): void;
  /** Up to `length` bytes; fewer at the end of the file. Read-only for the caller. */
  read(position: number, length: number): Uint8Array;
  truncate(size: number): void;
  /** Calls back when it is on the platter, after the disk's sync latency; `error` when the disk failed. */
  sync<A>(done: (arg: A, error: DiskError | null) => void, arg: A): void;
}

export interface Disk {
  readonly index: number;
  /** Opens, creating it if `create`; throws ENOENT otherwise. */
  open(path: string, create?: boolean): DiskFile;
  exists(path: string): boolean;
  /** Paths of files below a directory (recursively, full paths), in code-unit order. */
  list(directory: string): readonly string[];
  remove(path: string): void;
  /** Atomic, replaces the target. Open `DiskFile`s follow the file to its new name. */
  rename(from: string, to: string): void;
}

/** The node's processors: a queue before a finite number of threads. */
export interface Cpu {
  /** Runs the handler when one thread has given it `costUs` of service. */
  run<A>(costUs: Micros, handler: (arg: A) => void, arg: A): void;
  /** Per mille of the threads' time that was spent on service over the last one to two seconds. */
  readonly utilisation: number;
  /** How many calls wait for a thread. */
  readonly queued: number;
}

/** What a running process sees of the world. It ends with the process: after that, every call through it does nothing. */
export interface Context {
  readonly node: string;
  /** How many times this node's process has been started, from 1. */
  readonly incarnation: number;
  /** Monotonic clock of the node. */
  nowUs(): Micros;
  /** The same in whole milliseconds. */
  nowMs(): number;
  /** The node's wall clock in milliseconds since 1970; may be skewed, may drift. */
  wallMs(): number;
  after<A>(delayUs: Micros, handler: (arg: A) => void, arg: A): Timer;
  /** A stream of chance that belongs to this node and this concern. */
  chance(concern: string): Chance;
  /** Accepts connections to `port` until the process ends or `close` is called on the result. */
  listen(port: string, handler: ConnectionHandler): { close(): void };
  /** A machine that does not exist (yet) is like one that is off: the attempt hangs. */
  connect(toNode: string, port: string, handler: ConnectionHandler): Connection;
  disk(index: number): Disk;
  readonly diskCount: number;
  readonly cpu: Cpu;
  /**
   * Records an event. Its cause is the current cause, unless one is given. Returns its id; does not change the current cause.
   * `values` are in the order of the kind's fields and are kept by reference.
   */
  emit(kind: EventKind, values: readonly FieldValue[], cause?: EventId): EventId;
  /**
   * What the present step happens because of: the cause captured when its timer was set, or its message sent. Setting it
   * lasts to the end of the step, and is captured by every timer, message and event that follows.
   */
  cause: EventId;
  /** Ends the process from within, as `process.exit` does: connections close, volatile state is gone. */
  exit(code: number, reason: string): void;
}

/** A running program. It acts only in callbacks. */
export interface Program {
  /** SIGTERM: an orderly end. The program calls `context.exit(0, …)` when it is done. Without it the process just ends. */
  terminate?(): void;
}

/** Starts a program in a fresh process. What must survive an incarnation is on a disk. */
export type ProgramFactory = (context: Context) => Program;

export type NodeState = 'running' | 'paused' | 'stopping' | 'stopped' | 'off';

export interface NodeOptions {
  readonly name: string;
  readonly disks?: number;
  readonly cpuThreads?: number;
  /** Latency of a sync. */
  readonly syncUs?: Micros;
  /** Base latency of the links from and to this node, each way and without jitter; the world's own if left out. */
  readonly linkLatencyUs?: Micros;
}

/** A machine as its operator sees it. Verbs that do not apply to its state return false and change nothing. */
export interface NodeControl {
  readonly name: string;
  readonly state: NodeState;
  readonly incarnation: number;
  /** Powers the machine on if need be, and starts the program in a new process. */
  start(program: ProgramFactory): boolean;
  kill(): boolean;
  terminate(): boolean;
  pause(): boolean;
  resume(): boolean;
  powerOff(): boolean;
  /** Empties a disk of a node whose process does not run. */
  wipe(disk: number): boolean;
  readonly cpuThreads: number;
  /** CPU service that the present process was given so far, over all its threads; 0 while none runs. */
  readonly cpuGivenUs: Micros;
  /** CPU service times are multiplied by this. */
  slowDown(factor: number): boolean;
  readonly disks: readonly DiskControl[];
  readonly clock: ClockControl;
  /** Why the process last ended; null while it runs. */
  readonly exit: { readonly code: number; readonly reason: string } | null;
  onStateChange(listener: (state: NodeState) => void): () => void;
}

export interface DiskControl {
  /**
   * Operations throw, and syncs report, this fault; null mends it. EIO meets every operation; a full disk (ENOSPC)
   * still reads, truncates, removes, renames and syncs; a read-only one (EROFS) still reads.
   */
  fail(fault: 'EIO' | 'ENOSPC' | 'EROFS' | null): void;
  /** Added to the latency of every sync. */
  slow(extraSyncUs: Micros): void;
  /** At the next power loss the last write that was not synced is kept by half. */
  tear(armed: boolean): void;
  /** Flips one bit of a file at a position. */
  flipBit(path: string, position: number): void;
  /** How many operations met the present fault. */
  readonly hits: number;
  readonly disk: Disk;
}

export interface ClockControl {
  skew(deltaMs: number): void;
  /** Parts per million by which the wall clock gains on virtual time from now on. */
  drift(ppm: number): void;
}

/** A rule over segments from one node to another; asked once per ordered pair and cached until rules change. */
export interface LinkRule {
  readonly name: string;
  /** Whom it is about, for readers of the trace. */
  readonly nodes?: readonly string[];
  matches(from: string, to: string): boolean;
  readonly effect: LinkEffect;
}

export type LinkEffect =
  /** Silence: segments wait and are retransmitted with doubling time-outs; new connections hang. */
  | { readonly kind: 'block' }
  | { readonly kind: 'delay'; readonly latencyUs: Micros; readonly jitterUs: Micros }
  /** Seen as retransmission delay. */
  | { readonly kind: 'loss'; readonly numerator: number; readonly denominator: number }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** Messages are kept, in order, until the rule is removed, then delivered at once. */
  | { readonly kind: 'hold' };

export interface RuleHandle {
  /** How many segments or connection attempts this rule has met. */
  readonly hits: number;
  remove(): void;
}

/** What became of a message so far. */
export type MessageFate =
  /** On the wire, and due at `fateUs`; past that, the process that should read it stands still. */
  | 'under way'
  /** It does not get through, or a segment before it does not: it is sent again and again. */
  | 'waiting'
  /** A `hold` rule keeps it. */
  | 'held'
  | 'arrived'
  /** Its connection ended before it arrived, or nobody was there to read it. */
  | 'lost';

/** A message of a connection, as those see it who listen in. Fate and message change as it goes its way. */
export interface SightedMessage {
  readonly connection: number;
  readonly port: string;
  readonly from: string;
  readonly to: string;
  /** It goes from the side that connected to the side that listens. */
  readonly toListener: boolean;
  readonly sentUs: Micros;
  /** What it was sent because of. */
  readonly cause: EventId;
  /** Undefined once it has arrived or is lost. */
  readonly message: unknown;
  readonly fate: MessageFate;
  /** Since when that is so; of a message under way, when it is due. */
  readonly fateUs: Micros;
}

export interface NetworkControl {
  install(rule: LinkRule): RuleHandle;
  /** Calls back for each message when it is sent. What happens is the same with and without. Returns the undoing. */
  listenIn(listener: (message: SightedMessage) => void): () => void;
  /** Breaks every connection between nodes that match; returns how many. */
  reset(matches: (a: string, b: string) => boolean): number;
}

export interface WorldOptions {
  readonly seed: number;
  /** Digest for the trace hash (SHA-256), given by the gateway. */
  readonly digest: () => { update(bytes: Uint8Array): void; hex(): string };
  /** Base latency of every link, each way. */
  readonly latencyUs?: Micros;
  readonly jitterUs?: Micros;
  /** Wall clock of every node when virtual time starts, in milliseconds since 1970. */
  readonly wallEpochMs?: number;
}

export interface World {
  readonly seed: number;
  readonly nowUs: Micros;
  readonly trace: Trace;
  readonly network: NetworkControl;
  readonly nodes: readonly NodeControl[];
  addNode(options: NodeOptions): NodeControl;
  node(name: string): NodeControl | undefined;
  /** The operator's own schedule; belongs to no node. */
  at<A>(timeUs: Micros, handler: (arg: A) => void, arg: A): Timer;
  chance(concern: string): Chance;
  /** Records an event of the operator (node `world`, or the named one). Returns its id. */
  emit(kind: EventKind, values: readonly FieldValue[], cause?: EventId, node?: string): EventId;
  /** The current cause, as in `Context.cause`; what an operator does is caused by it. */
  cause: EventId;
  /** Executes the next pending event. False if there is none. */
  step(): boolean;
  /** When the next pending event is due; undefined if there is none. */
  readonly nextUs: Micros | undefined;
  /** Executes everything due up to and including this time, then stands at it. Stops early after `stop()` was called in a handler. */
  runUntil(timeUs: Micros): void;
  /**
   * Executes at most `limit` events due up to `timeUs`; returns how many. Fewer than `limit` means that nothing due is
   * left and the world stands at `timeUs` (unless `stop()` was called). For callers that share their thread.
   */
  runSlice(timeUs: Micros, limit: number): number;
  /** Like `runSlice`, but does not go on to `timeUs` where nothing is due: the present stays as near to the last event as it can. */
  runDue(timeUs: Micros, limit: number): number;
  stop(): void;
}

/**
 * Declares kinds of events: `defineEvents({ 'isr-shrunk': { fields: ['partition', 'isr'], level: 'notable', about: '…' } })`.
 * Names are kebab case, past tense; field order is the order of `values`.
 */
export function defineEvents<const T extends Record<string, Omit<EventKind, 'name'>>>(
  table: T,
): { readonly [K in keyof T & string]: EventKind<T[K]['fields']> } {
  const kinds: Record<string, EventKind> = {};
  for (const [name, kind] of Object.entries(table)) kinds[name] = { name, ...kind };
  return kinds as { readonly [K in keyof T & string]: EventKind<T[K]['fields']> };
}

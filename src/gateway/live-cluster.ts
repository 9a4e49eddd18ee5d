/**
 * A cluster that lives beside the host: its world follows the clock on the wall, real clients come in through its ports, lines through
 * `execute`, and everything that does is an input at a moment of virtual time.
 */
import { attachChecker, KEPT_LIVE } from '../checker/checker.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterOptions } from '../cluster/options.ts';
import type { OutsideClient } from '../cluster/outside.ts';
import type { TraceEvent } from '../kernel/api.ts';
import type { Branch, Recorded, Tip } from '../scenario/branches.ts';
import { drawnFor } from '../scenario/diagram-lines.ts';
import type { Input, JournalEnd } from '../scenario/journal.ts';
import { withFork } from '../scenario/time-lines.ts';
import { Timeline } from '../scenario/timeline.ts';
import type { Diagram } from '../tools/diagram/diagram.ts';
import type { DiagramOptions } from '../tools/diagram/options.ts';
import { type Reply, Session } from '../tools/session.ts';
import type { ListenError } from './broker-port.ts';
import { JournalFileError, JournalWriter } from './journal-file.ts';
import { KafkaListeners, type ListenerRequest, type WorldGate } from './kafka-listeners.ts';
import { LivePace } from './live-pace.ts';
import { LiveTime } from './live-time.ts';
import type { DriveHooks, Pace } from './pace.ts';
import { hostPorts } from './ports.ts';
import type { Certificate } from './tls-certificate.ts';
import { lineWithFiles } from './tool-files.ts';

export interface LiveOptions {
  /** `listeners`, `outside` and `wallEpochMs` are filled in here where there are listeners. */
  readonly cluster: ClusterOptions;
  /** None: no real client can come. */
  readonly listeners: readonly ListenerRequest[];
  /** For listeners with TLS. */
  readonly certificate?: Certificate | undefined;
  /** Virtual over wall time; 1 if left out. */
  readonly speed?: number;
  /** A file that everything is recorded in which the host hands in, and the version of kzsim that records it. */
  readonly record?: { readonly path: string; readonly kzsim: string };
  /** A run that has been: time stands at its beginning. */
  readonly recorded?: Recorded;
  /** Of what real clients send, most bytes that are kept for going back; 48 MiB if left out. */
  readonly mostPastBytes?: number;
  /** Called before a cluster boots, the first one and each that is executed anew: whoever wants the trace from its first event subscribes here. */
  readonly prepare?: (cluster: Cluster) => void;
  /** Called when a cluster is ready, at its time 0. */
  readonly begin?: (cluster: Cluster) => void;
  /** Something of the host is not as it should be, and is tried again. */
  readonly onTrouble?: (message: string) => void;
}

export interface LiveCluster {
  /** The present one: going back in time replaces it. */
  readonly cluster: Cluster;
  readonly session: Session;
  readonly timeline: Timeline;
  readonly pace: LivePace;
  /** `localhost:9092` …, of the first listener, by broker; empty without listeners. */
  readonly bootstrapServers: readonly string[];
  readonly listeners: KafkaListeners | undefined;
  /** Where it is in time, in a few words; '' at the present of the first branch. */
  readonly place: string;
  /** Enters a line at the prompt. */
  execute(line: string): Promise<Reply>;
  /** Draws a diagram, now or after the run was executed again. Throws `LineError` and `SelectorError`. */
  draw(options: DiagramOptions, done: (drawn: Diagram | string) => void): void;
  /** Hears of it as of a world that is driven; `stop` of the result ends the hearing, not the cluster. */
  follow(hooks: DriveHooks): Pace;
  /** Each event of the trace from now on. Returns the undoing. */
  onEvent(listener: (event: TraceEvent) => void): () => void;
  /** The present cluster is another from now on. Returns the undoing. */
  onReplaced(listener: (cluster: Cluster) => void): () => void;
  /** Ends it: nothing is left that keeps the process alive. Idempotent. */
  close(): Promise<void>;
}

/** Opens the ports, boots the cluster, and lets it live. Rejects with `ListenError`, `JournalFileError` or `ClusterError`. */
export async function startLiveCluster(options: LiveOptions): Promise<LiveCluster> {
  const { onTrouble = () => {} } = options;
  const listeners =
    options.listeners.length === 0
      ? undefined
      : await KafkaListeners.open(options.listeners, options.cluster.brokers.length, {
          onTrouble: (error) => onTrouble(troubleOf(error)),
          certificate: options.certificate,
        });
  try {
    return new RunningCluster(options, listeners);
  } catch (thrown) {
    listeners?.close();
    throw thrown;
  }
}

function troubleOf({ message }: ListenError): string {
  return `a broker runs again, but ${message}; it is tried again until it can`;
}

class RunningCluster implements LiveCluster {
  readonly pace: LivePace;
  readonly timeline: Timeline;
  readonly listeners: KafkaListeners | undefined;
  readonly #options: LiveOptions;
  readonly #time: LiveTime;
  #journal: JournalWriter | undefined;
  readonly #onTrouble: (message: string) => void;
  readonly #followers = new Set<Follower>();
  readonly #eventListeners = new Map<EventListener, () => void>();
  readonly #replacedListeners = new Set<(cluster: Cluster) => void>();
  /** Lines whose verbs have not ended. */
  readonly #waiting = new Set<(reply: Reply) => void>();
  #closed = false;
  #broken = false;
  #wasPaused = false;
  #wasInPast = false;

  constructor(options: LiveOptions, listeners: KafkaListeners | undefined) {
    this.listeners = listeners;
    const shape = withListeners(options.cluster, listeners);
    this.#options = { ...options, cluster: shape };
    this.#journal = options.record && JournalWriter.create(options.record.path);
    this.#journal?.header({ kzsim: options.record!.kzsim, options: shape });
    this.#onTrouble = options.onTrouble ?? (() => {});
    this.timeline = new Timeline({
      make: () => this.#make(),
      onInput: (atUs, input) => this.#journal?.input(atUs, input),
      onBranch: (branch) => this.#recordAnew(branch),
      onReplaced: (cluster) => this.#replaced(cluster),
      recorded: options.recorded,
      mostBytes: options.mostPastBytes,
    });
    this.pace = new LivePace(this.timeline, options.speed ?? 1, {
      onSlice: () => this.#sliceOver(),
      onFailure: (thrown) => this.#failed(thrown),
    });
    this.#time = new LiveTime(this.timeline, this.pace, {
      connections: () => listeners?.connections ?? 0,
      disconnect: () => listeners?.disconnect(),
      onSlice: () => this.#tellFollowers(),
      onArrival: () => this.#arrived(),
    });
    if (options.recorded !== undefined) this.#time.hold();
    listeners?.attach(this.cluster, this.#gate());
  }

  get cluster(): Cluster {
    return this.timeline.cluster;
  }

  get session(): Session {
    return this.timeline.session;
  }

  #make(): Session {
    const { cluster: shape, prepare, begin } = this.#options;
    const cluster = new Cluster(shape, hostPorts);
    const checker = attachChecker(cluster.trace, cluster.world, undefined, KEPT_LIVE);
    cluster.model.ledger = () => checker.ledger();
    const session = new Session(cluster, checker);
    prepare?.(cluster);
    cluster.boot();
    begin?.(cluster);
    return session;
  }

  get place(): string {
    return this.#time.place;
  }

  get bootstrapServers(): readonly string[] {
    return this.listeners?.addresses() ?? [];
  }

  execute(line: string): Promise<Reply> {
    return new Promise((resolve) => this.#time.execute(line, resolve, () => this.#handIn(line, resolve)));
  }

  /** A line for the world, or a question about it. */
  #handIn(written: string, resolve: (reply: Reply) => void): void {
    const read = lineWithFiles(written);
    if ('refused' in read) return resolve(read.refused);
    const { line } = read;
    const before = this.timeline.branch;
    const answered = (reply: Reply): void => {
      this.#waiting.delete(answered);
      resolve(reply === MOVED ? reply : withFork(reply, this.timeline, before));
    };
    this.#waiting.add(answered);
    if (!this.#inject({ kind: 'line', text: line }, undefined, answered)) answered(ENDED);
    if (!this.timeline.inPast) this.#time.release();
  }

  draw(options: DiagramOptions, done: (drawn: Diagram | string) => void): void {
    drawnFor(this.#time, options, done);
  }

  follow(hooks: DriveHooks): Pace {
    const { pace } = this;
    const follower: Follower = {
      ...hooks,
      onSlice: () => {
        hooks.onSlice();
        if (!hooks.finished()) return;
        this.#followers.delete(follower);
        hooks.onEnd();
      },
    };
    this.#followers.add(follower);
    return {
      get speed() {
        return pace.speed;
      },
      set speed(speed) {
        pace.speed = speed;
      },
      get paused() {
        return pace.paused;
      },
      set paused(paused) {
        pace.paused = paused;
      },
      stop: () => void this.#followers.delete(follower),
    };
  }

  onEvent(listener: (event: TraceEvent) => void): () => void {
    this.#eventListeners.set(listener, this.cluster.trace.subscribe('all', listener));
    return () => {
      this.#eventListeners.get(listener)?.();
      this.#eventListeners.delete(listener);
    };
  }

  onReplaced(listener: (cluster: Cluster) => void): () => void {
    this.#replacedListeners.add(listener);
    return () => void this.#replacedListeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.pace.stop();
    this.#time.close();
    this.listeners?.close();
    this.#endJournal();
    for (const answered of [...this.#waiting]) answered(ENDED);
  }

  /** At the latest moment of the branch: a replay stands there, too. */
  #endJournal(): void {
    if (this.#journal === undefined || this.#broken) return;
    this.#written(() => this.#journal?.end(endAt(this.timeline.tip)));
  }

  /** Another branch is the present one: it is what is recorded. */
  #recordAnew({ inputs }: Branch): void {
    const { record, cluster } = this.#options;
    if (record === undefined || this.#journal === undefined) return;
    this.#written(() => {
      this.#journal?.end(endAt(this.timeline.tip));
      const journal = JournalWriter.create(record.path);
      this.#journal = journal;
      journal.header({ kzsim: record.kzsim, options: cluster });
      for (const { atUs, input } of inputs) journal.input(atUs, input);
    });
  }

  #replaced(cluster: Cluster): void {
    for (const answered of [...this.#waiting]) answered(MOVED);
    for (const [listener, stop] of this.#eventListeners) {
      stop();
      this.#eventListeners.set(listener, cluster.trace.subscribe('all', listener));
    }
    this.listeners?.attach(cluster, this.#gate());
    for (const listener of [...this.#replacedListeners]) listener(cluster);
  }

  #arrived(): void {
    this.#wasInPast = this.timeline.inPast;
    if (!this.timeline.inPast) this.timeline.endConnections();
    this.pace.wake();
  }

  /** A disk that is full ends the recording, not the run. */
  #written(write: () => void): void {
    try {
      write();
    } catch (thrown) {
      if (!(thrown instanceof JournalFileError)) throw thrown;
      this.#onTrouble(`${thrown.message}: the recording ends here`);
    }
  }

  #gate(): WorldGate {
    const { pace, cluster, timeline } = this;
    const time = this.#time;
    return {
      mostRequestBytes: cluster.config.number('socket.request.max.bytes'),
      get closed() {
        return pace.paused;
      },
      get barred() {
        return time.travelling || timeline.inPast;
      },
      inject: (input: Input, client?: OutsideClient) => this.#inject(input, client),
    };
  }

  #inject(input: Input, client?: OutsideClient, answered?: (reply: Reply) => void): boolean {
    // What a connection does whose cluster is gone concerns nobody.
    if (this.#time.travelling) return true;
    return this.pace.inject(() => this.timeline.apply(input, client, answered));
  }

  #sliceOver(): void {
    if (this.#wasPaused && !this.pace.paused) this.listeners?.resume();
    this.#wasPaused = this.pace.paused;
    this.#written(() => this.#journal?.flush());
    this.listeners?.flush();
    if (!this.pace.paused) this.#time.passes();
    if (this.#wasInPast && !this.timeline.inPast) this.#arrived();
    this.#tellFollowers();
  }

  #tellFollowers(): void {
    for (const follower of [...this.#followers]) follower.onSlice();
  }

  /** A bug of kzsim's: the world stands still, and whoever follows it hears why. */
  #failed(thrown: unknown): void {
    this.#broken = true;
    this.listeners?.close();
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    this.#written(() => this.#journal?.end({ kind: 'failure', atUs: this.cluster.world.nowUs, message }));
    if (this.#followers.size === 0) throw thrown;
    for (const follower of [...this.#followers]) follower.onFailure(thrown);
  }
}

/** Of a live run every moment is known whole. */
function endAt({ atUs, events, hash }: Tip): JournalEnd {
  return { kind: 'end', atUs, events: events!, hash: hash! };
}

type Follower = Pick<DriveHooks, 'onSlice' | 'onFailure'>;

type EventListener = (event: TraceEvent) => void;

const MOVED: Reply = { ok: false, lines: ['time was moved before this had ended'] };
const ENDED: Reply = { ok: false, lines: ['the cluster has ended'] };

function withListeners(options: ClusterOptions, listeners: KafkaListeners | undefined): ClusterOptions {
  if (listeners === undefined) return options;
  return { ...options, listeners: listeners.options, outside: true, wallEpochMs: options.wallEpochMs ?? Date.now() };
}

/**
 * A cluster that lives beside the host: its world follows the clock on the wall, real clients come in through its ports, lines through
 * `execute`, and everything that does is an input at a moment of virtual time.
 */
import { attachChecker, KEPT_LIVE } from '../checker/checker.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterOptions } from '../cluster/options.ts';
import type { OutsideClient } from '../cluster/outside.ts';
import type { TraceEvent } from '../kernel/api.ts';
import type { Input } from '../scenario/journal.ts';
import { type Reply, Session } from '../tools/session.ts';
import type { ListenError } from './broker-port.ts';
import { Inputs } from './inputs.ts';
import { JournalFileError, JournalWriter } from './journal-file.ts';
import { KafkaListeners, type ListenerRequest, type WorldGate } from './kafka-listeners.ts';
import { LivePace } from './live-pace.ts';
import type { DriveHooks, Pace } from './pace.ts';
import { hostPorts } from './ports.ts';
import type { Certificate } from './tls-certificate.ts';

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
  /** Called before the cluster boots: whoever wants the trace from its first event subscribes here. */
  readonly prepare?: (cluster: Cluster) => void;
  /** Something of the host is not as it should be, and is tried again. */
  readonly onTrouble?: (message: string) => void;
}

export interface LiveCluster {
  readonly cluster: Cluster;
  readonly session: Session;
  readonly pace: LivePace;
  /** `localhost:9092` …, of the first listener, by broker; empty without listeners. */
  readonly bootstrapServers: readonly string[];
  readonly listeners: KafkaListeners | undefined;
  /** Enters a line at the prompt. */
  execute(line: string): Promise<Reply>;
  /** Hears of it as of a world that is driven; `stop` of the result ends the hearing, not the cluster. */
  follow(hooks: DriveHooks): Pace;
  /** Each event of the trace from now on. Returns the undoing. */
  onEvent(listener: (event: TraceEvent) => void): () => void;
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
  readonly cluster: Cluster;
  readonly session: Session;
  readonly pace: LivePace;
  readonly listeners: KafkaListeners | undefined;
  readonly #inputs: Inputs;
  readonly #journal: JournalWriter | undefined;
  readonly #onTrouble: (message: string) => void;
  readonly #followers = new Set<Follower>();
  /** Lines whose verbs have not ended. */
  readonly #waiting = new Set<(reply: Reply) => void>();
  #closed = false;
  #broken = false;
  #wasPaused = false;

  constructor(options: LiveOptions, listeners: KafkaListeners | undefined) {
    this.listeners = listeners;
    const cluster = new Cluster(withListeners(options.cluster, listeners), hostPorts);
    this.cluster = cluster;
    const checker = attachChecker(cluster.trace, cluster.world, undefined, KEPT_LIVE);
    cluster.model.ledger = () => checker.ledger();
    this.session = new Session(cluster, checker);
    const journal = options.record && JournalWriter.create(options.record.path);
    this.#journal = journal;
    this.#onTrouble = options.onTrouble ?? (() => {});
    journal?.header({ kzsim: options.record!.kzsim, options: cluster.options });
    this.#inputs = new Inputs(cluster, this.session, (atUs, input) => journal?.input(atUs, input));
    options.prepare?.(cluster);
    cluster.boot();
    this.pace = new LivePace(cluster.world, options.speed ?? 1, {
      onSlice: () => this.#sliceOver(),
      onFailure: (thrown) => this.#failed(thrown),
    });
    listeners?.attach(cluster, this.#gate());
  }

  get bootstrapServers(): readonly string[] {
    return this.listeners?.addresses() ?? [];
  }

  execute(line: string): Promise<Reply> {
    return new Promise((resolve) => {
      const answered = (reply: Reply): void => {
        this.#waiting.delete(answered);
        resolve(reply);
      };
      this.#waiting.add(answered);
      if (!this.#inject({ kind: 'line', text: line }, undefined, answered)) answered(ENDED);
    });
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
    return this.cluster.trace.subscribe('all', listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.pace.stop();
    this.listeners?.close();
    this.#endJournal();
    for (const answered of [...this.#waiting]) answered(ENDED);
  }

  /** After the present moment of the world: a replay stands there, too. */
  #endJournal(): void {
    const { world, trace } = this.cluster;
    if (this.#journal === undefined || this.#broken) return;
    world.runUntil(world.nowUs);
    this.#written(() =>
      this.#journal?.end({ kind: 'end', atUs: world.nowUs, events: trace.count, hash: trace.hash() }),
    );
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
    const { pace, cluster } = this;
    return {
      mostRequestBytes: cluster.config.number('socket.request.max.bytes'),
      get closed() {
        return pace.paused;
      },
      inject: (input: Input, client?: OutsideClient) => this.#inject(input, client),
    };
  }

  #inject(input: Input, client?: OutsideClient, answered?: (reply: Reply) => void): boolean {
    return this.pace.inject(() => this.#inputs.apply(input, client, answered));
  }

  #sliceOver(): void {
    if (this.#wasPaused && !this.pace.paused) this.listeners?.resume();
    this.#wasPaused = this.pace.paused;
    this.#written(() => this.#journal?.flush());
    this.listeners?.flush();
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

type Follower = Pick<DriveHooks, 'onSlice' | 'onFailure'>;

const ENDED: Reply = { ok: false, lines: ['the cluster has ended'] };

function withListeners(options: ClusterOptions, listeners: KafkaListeners | undefined): ClusterOptions {
  if (listeners === undefined) return options;
  return { ...options, listeners: listeners.options, outside: true, wallEpochMs: options.wallEpochMs ?? Date.now() };
}

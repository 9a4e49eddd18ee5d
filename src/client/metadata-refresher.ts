import type { Context, Timer } from '../kernel/api.ts';
import { Metadata as MetadataApi, type MetadataResponse } from '../protocol/apis/03-metadata.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { type BrokerConnection, failureCode, type RequestFailure } from './connection.ts';
import type { NetworkSettings } from './environment.ts';
import { clientEvents } from './events.ts';
import type { Metadata } from './metadata.ts';

/** What a refresher needs of the client whose metadata it keeps fresh. */
export interface RefresherHost {
  readonly context: Context;
  readonly settings: NetworkSettings;
  readonly metadata: Metadata;
  /** Whether there is any node that could be asked, now or when its connection stands. */
  readonly reachable: boolean;
  leastLoaded(): BrokerConnection | null;
  rebootstrap(): void;
  retryBackoffUs(failures: number): number;
  sawError(api: string, error: number, partition: string | null, broker: number | null): void;
  /** Tells everybody who waits for news. */
  changed(): void;
}

/**
 * Decides when metadata is asked, and whom: one request at a time, to the least loaded node. It paces itself by failures in
 * a row and by answers in a row that brought nothing new, so a cluster that has not elected yet is asked ever more rarely,
 * up to once a second (NetworkClient.DefaultMetadataUpdater, Metadata.timeToAllowUpdate).
 */
export class MetadataRefresher {
  private readonly network: RefresherHost;
  /** Topics that this client watches. */
  private readonly watched = new Set<string>();
  private allowAutoCreate = true;
  private needed = true;
  private inFlight = false;
  /** No request before this. */
  private allowedUs = 0;
  /** When the picture gets too old. */
  private staleUs = 0;
  private failures = 0;
  private equivalents = 0;
  /** Since when no refresh has succeeded that was asked for; null: nothing is outstanding. */
  private attemptStartUs: number | null = null;
  private timer: Timer | null = null;
  private timerUs = Number.POSITIVE_INFINITY;
  private closed = false;

  constructor(network: RefresherHost) {
    this.network = network;
  }

  /** Whether asking for an unknown topic may create it. */
  autoCreate(allowed: boolean): void {
    this.allowAutoCreate = allowed;
  }

  /** Adds a topic to what is asked for. News of a new topic is wanted at once, without back-off. */
  watch(topic: string): void {
    if (this.watched.has(topic)) return;
    this.watched.add(topic);
    this.allowedUs = 0;
    this.failures = 0;
    this.equivalents = 0;
    this.request();
  }

  unwatch(topic: string): void {
    this.watched.delete(topic);
  }

  /** Something showed that the picture is old. */
  request(): void {
    this.needed = true;
    this.run();
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  /** Sends a request if one is due and somebody can be asked; else sees to being called again. */
  run(): void {
    if (this.inFlight || this.closed) return;
    const { network } = this;
    const nowUs = network.context.nowUs();
    const dueUs = this.needed ? this.allowedUs : Math.max(this.allowedUs, this.staleUs);
    if (dueUs > nowUs) {
      this.wakeAt(dueUs);
      return;
    }
    this.attemptStartUs ??= nowUs;
    this.beginAgainIfHopeless(nowUs);
    const connection = network.leastLoaded();
    if (connection !== null) this.send(connection);
  }

  answered(connection: BrokerConnection, response: MetadataResponse | null, failure: RequestFailure | null): void {
    this.inFlight = false;
    const { network } = this;
    if (response === null) this.failed(failureCode(failure!), connection);
    else if (response.errorCode === ErrorCode.REBOOTSTRAP_REQUIRED && network.settings.rebootstrap) {
      this.failed(response.errorCode, connection);
      network.rebootstrap();
    } else if (response.brokers.length === 0) this.failed(ErrorCode.NONE, connection);
    else this.take(connection, response);
    network.changed();
  }

  private send(connection: BrokerConnection): void {
    this.inFlight = true;
    this.needed = false;
    const topics = [...this.watched].map((name) => ({ topicId: ZERO_UUID, name }));
    const body = {
      topics,
      allowAutoTopicCreation: this.allowAutoCreate,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    };
    const call = { refresher: this, connection };
    connection.send(MetadataApi, body, metadataAnswered, call);
  }

  private take(connection: BrokerConnection, response: MetadataResponse): void {
    const { network } = this;
    const { context, metadata, settings } = network;
    const { newer, incomplete } = metadata.update(response);
    context.emit(clientEvents['metadata-updated'], [connection.id, response.brokers.length, metadata.topics.size]);
    for (const { errorCode, name } of response.topics) {
      if (errorCode !== ErrorCode.NONE) network.sawError(MetadataApi.name, errorCode, name, connection.id);
    }
    const nowUs = context.nowUs();
    this.failures = 0;
    this.equivalents = newer ? 0 : this.equivalents + 1;
    this.allowedUs = this.equivalents === 0 ? nowUs : nowUs + network.retryBackoffUs(this.equivalents - 1);
    this.staleUs = nowUs + settings.metadataMaxAgeMs * 1000;
    this.attemptStartUs = null;
    if (incomplete) this.needed = true;
    for (const topic of this.watched) if (metadata.topic(topic)?.known !== true) this.needed = true;
  }

  private failed(error: number, connection: BrokerConnection): void {
    const { network } = this;
    if (error !== ErrorCode.NONE) network.sawError(MetadataApi.name, error, null, connection.id);
    this.needed = true;
    this.allowedUs = network.context.nowUs() + network.retryBackoffUs(this.failures);
    this.failures += 1;
  }

  /** KIP-899: nobody left to ask; KIP-1102: no answer for too long. */
  private beginAgainIfHopeless(nowUs: number): void {
    const { network } = this;
    const { rebootstrap, rebootstrapTriggerMs } = network.settings;
    if (!rebootstrap || network.metadata.onBootstrap) return;
    const waitedUs = nowUs - (this.attemptStartUs ?? nowUs);
    const tooLong = rebootstrapTriggerMs !== null && waitedUs >= rebootstrapTriggerMs * 1000;
    if (!tooLong && network.reachable) return;
    this.attemptStartUs = nowUs;
    network.rebootstrap();
  }

  private wakeAt(atUs: number): void {
    if (this.timerUs <= atUs) return;
    const { context } = this.network;
    this.timer?.cancel();
    this.timerUs = atUs;
    this.timer = context.after(atUs - context.nowUs(), refreshDue, this);
  }

  timerRang(): void {
    this.timerUs = Number.POSITIVE_INFINITY;
    this.run();
  }
}

interface Call {
  readonly refresher: MetadataRefresher;
  readonly connection: BrokerConnection;
}

function metadataAnswered({ refresher, connection }: Call, response: unknown, failure: RequestFailure | null): void {
  refresher.answered(connection, failure === null ? (response as MetadataResponse) : null, failure);
}

function refreshDue(refresher: MetadataRefresher): void {
  refresher.timerRang();
}

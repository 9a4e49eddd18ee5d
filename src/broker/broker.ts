import type { Config } from '../config/config.ts';
import { NEVER } from '../config/entry.ts';
import type { BrokerCoordination, BrokerHost, BrokerIdentity, MetadataDelta } from '../coordinator/index.ts';
import { type Context, DiskError, type Program } from '../kernel/api.ts';
import type { Compression, Hashing } from '../protocol/ports.ts';
import type { Release } from '../protocol/schema.ts';
import type { RpcSettings, ServerRequest } from '../rpc/api.ts';
import { serve } from '../rpc/server.ts';
import { type BrokerLogs, openLogManager } from '../storage/log-manager.ts';
import { LogDirectoryError } from '../storage/meta-properties.ts';
import { type CoordinatorFactory, Coordinators } from './coordinators.ts';
import { Dispatch } from './dispatch.ts';
import { brokerEvents } from './events.ts';
import { FetchSessions } from './fetch-sessions.ts';
import { ReplicatedInternalLog } from './internal-log.ts';
import { isInternalTopic } from './internal-topics.ts';
import { listenerPort, REPLICATION_PORT } from './listeners.ts';
import { LogFlusher } from './log-flusher.ts';
import { Peers } from './peers.ts';
import { ProducerIds } from './producer-ids.ts';
import { ClientQuotas } from './quotas/client-quotas.ts';
import { ReplicaManager } from './replica-manager.ts';
import { RequestGate } from './request-gate.ts';
import { authorizerOf } from './security/authorizer.ts';
import { Identities, type Principals } from './security/identities.ts';
import { type SaslUser, saslSettings } from './security/sasl/settings.ts';
import type { BrokerServices } from './services.ts';
import { brokerSettings, dynamicBrokerConfig, replicaConfig, resolveTopicConfig } from './settings.ts';
import { type TopicConfig, TopicConfigs } from './topic-configs.ts';
import { TopicCreation } from './topic-creation.ts';
import { TransactionVerifier } from './transaction-verifier.ts';

/** What a broker is started with. Everything else it learns. */
export interface BrokerOptions {
  readonly identity: BrokerIdentity;
  readonly clusterId: string;
  readonly release: Release;
  readonly config: Config;
  readonly rpc: RpcSettings;
  readonly compression: Compression;
  /** Most bytes of a partition that are kept, whatever its retention says; null: as many as there are. */
  readonly partitionMemoryBytes: number | null;
  readonly coordination: BrokerCoordination;
  readonly coordinators: readonly CoordinatorFactory[];
  /** Who the simulated clients are; everybody else has to say it. */
  readonly principals?: Principals;
  /** Users of PLAIN, as a JAAS file has them. Those of SCRAM are in the metadata. */
  readonly users?: readonly SaslUser[];
  readonly hashing?: Hashing | undefined;
}

/** How long a controlled shutdown may keep a process alive (`KafkaBroker`'s five minutes). */
const SHUTDOWN_LIMIT_US = 300_000_000;

/** Starts a broker in a fresh process (Kafka's `BrokerServer` and `KafkaServer`): logs first, then registration; clients when it is told so. */
export function startBroker(context: Context, options: BrokerOptions): Program {
  try {
    const broker = new Broker(context, options);
    return { terminate: () => broker.terminate() };
  } catch (thrown) {
    // A directory of another broker or cluster, or a disk that cannot be read: the process does not come up.
    if (!(thrown instanceof DiskError) && !(thrown instanceof LogDirectoryError)) throw thrown;
    context.exit(1, thrown.message);
    return {};
  }
}

class Broker implements BrokerHost {
  readonly directoryIds: readonly string[];
  readonly previousBrokerEpoch: number;
  private readonly context: Context;
  private readonly options: BrokerOptions;
  private readonly logs: BrokerLogs;
  private readonly replicas: ReplicaManager;
  private readonly coordinators = new Coordinators();
  private readonly gate: RequestGate;
  private readonly listeners: readonly { close(): void }[];
  private stage: 'starting' | 'serving' | 'stopping' | 'stopped' = 'starting';

  constructor(context: Context, options: BrokerOptions) {
    this.context = context;
    this.options = options;
    const { identity, coordination, config, release, clusterId, rpc } = options;
    const settings = brokerSettings(config);
    const logConfigOf = (topic: string): TopicConfig => {
      const { image } = coordination;
      return replicaConfig(resolveTopicConfig(config, image, identity.id, topic), {
        broker: dynamicBrokerConfig(config, image, identity.id),
        // What coordinators read back after a failover must be whole, whatever it takes.
        memoryBytes: isInternalTopic(topic) ? null : options.partitionMemoryBytes,
      });
    };
    const topicConfigs = new TopicConfigs(logConfigOf);
    this.logs = openLogManager({
      context,
      mode: coordination.mode,
      clusterId,
      nodeId: identity.id,
      defaultConfig: logConfigOf('').log,
      compression: options.compression,
      diskFailed: (disk, error) => this.replicas.logDirs.fail(disk, error),
    });
    this.directoryIds = this.logs.directoryIds;
    this.previousBrokerEpoch = this.logs.previousBrokerEpoch;
    this.replicas = new ReplicaManager({
      context,
      brokerId: identity.id,
      coordination,
      settings,
      logs: this.logs,
      topicConfigs,
      fetching: { release, rpc, port: REPLICATION_PORT },
      leadership: this.coordinators,
    });
    const dispatch = new Dispatch(coordination, release);
    const services = this.makeServices(dispatch);
    for (const { topic, create } of options.coordinators) {
      const log = new ReplicatedInternalLog(this.replicas, services.topicCreation, topic);
      const { producerIds, verifier } = services;
      const parts = { context, brokerId: identity.id, config, coordination, log, producerIds, verifier };
      this.coordinators.byTopic.set(topic, create({ ...parts, peers: (purpose) => this.peers(purpose) }));
    }
    dispatch.assemble(services, [...this.coordinators.byTopic.values()]);
    const run = (request: ServerRequest): void => {
      dispatch.run(request);
      this.replicas.wakes.settle();
    };
    const { users = [], principals, hashing } = options;
    const plain = new Map(
      users.flatMap(({ mechanism, user, password }) => (mechanism === 'PLAIN' ? [[user, password]] : [])),
    );
    const sasl = saslSettings(context, config, { plain, hashing, security: () => coordination.image.security });
    const identities = new Identities(context, identity.endpoints, { principals, sasl });
    this.gate = new RequestGate(context, dispatch.offered, run, identities);
    const ports = identity.endpoints.map(({ name }) => listenerPort(name));
    const maxIdleMs = config.number('connections.max.idle.ms');
    const maxIdleUs = maxIdleMs < 0 ? Number.POSITIVE_INFINITY : maxIdleMs * 1000;
    this.listeners = [
      ...ports.map((port) => serve(context, port, this.gate, rpc, maxIdleUs)),
      serve(context, REPLICATION_PORT, this.gate, rpc),
    ];
    const { cleanShutdown, logs } = this.logs;
    context.emit(brokerEvents['broker-started'], [identity.id, cleanShutdown, logs.size]);
    coordination.start(this);
  }

  private makeServices(dispatch: Dispatch): BrokerServices {
    const { context, replicas } = this;
    const { identity, clusterId, release, config, coordination } = this.options;
    const { settings } = replicas;
    const topicOf = (topicId: string): string | undefined => coordination.image.topicById(topicId)?.name;
    return {
      context,
      identity,
      clusterId,
      release,
      config,
      settings,
      coordination,
      authorizer: authorizerOf(config, () => coordination.image),
      quotas: new ClientQuotas(context, config, () => coordination.image.security),
      replicas,
      sessions: new FetchSessions(context, settings.fetchSessionSlots, { topicOf }),
      producerIds: new ProducerIds(coordination),
      topicCreation: new TopicCreation(context, coordination, config, release),
      coordinators: this.coordinators,
      verifier: new TransactionVerifier(coordination, this.peers('add-partitions-to-txn')),
      coordinatedTopics: new Set(this.options.coordinators.map(({ topic }) => topic)),
      offered: dispatch.offered,
    };
  }

  private peers(purpose: string): Peers {
    const { identity, release, rpc } = this.options;
    const { requestTimeoutMs } = this.replicas.settings;
    const settings = { release, rpc, port: REPLICATION_PORT, requestTimeoutMs };
    return new Peers(this.context, settings, `broker-${identity.id}-${purpose}`);
  }

  onMetadata(delta: MetadataDelta): void {
    if (this.stage === 'stopped') return;
    this.replicas.apply(delta);
    const { image, changedTopics } = delta;
    const deleted = new Set(delta.deleted.map(({ topic }) => topic));
    for (const topic of changedTopics) deleted.add(topic);
    this.coordinators.topicsDeleted([...deleted].filter((topic) => !image.topics.has(topic)));
  }

  onServing(): void {
    if (this.stage !== 'starting') return;
    this.stage = 'serving';
    const { context, options, replicas } = this;
    context.emit(brokerEvents['broker-serving'], [options.identity.id, options.coordination.brokerEpoch]);
    const { replicaLagTimeMaxMs, highWatermarkCheckpointIntervalMs, flushOffsetCheckpointIntervalMs } =
      replicas.settings;
    this.every(Math.max(1, Math.floor(replicaLagTimeMaxMs / 2)), () => replicas.shrinkIsrs());
    this.every(highWatermarkCheckpointIntervalMs, () => replicas.checkpointHighWatermarks());
    this.every(flushOffsetCheckpointIntervalMs, () => replicas.checkpointRecoveryPoints());
    this.scheduleFlushes();
    const { config } = options;
    this.every(config.number('log.retention.check.interval.ms'), () => replicas.deleteOldSegments(), {
      firstMs: config.number('log.initial.task.delay.ms'),
    });
    this.gate.open();
  }

  private scheduleFlushes(): void {
    const { config, coordination, identity } = this.options;
    const intervalMs = config.number('log.flush.scheduler.interval.ms');
    if (intervalMs >= NEVER) return;
    const flushMs = (topic: string): number =>
      resolveTopicConfig(config, coordination.image, identity.id, topic).number('flush.ms');
    const flusher = new LogFlusher(this.context, this.logs.logs, flushMs);
    this.every(intervalMs, () => flusher.flushDue());
  }

  onFatal(reason: string): void {
    this.stage = 'stopped';
    this.context.exit(1, reason);
  }

  /** Does something again and again, for no reason but the clock. */
  private every(periodMs: number, action: () => void, { firstMs = periodMs } = {}): void {
    const { context } = this;
    const tick = (): void => {
      context.cause = 0;
      action();
      context.cause = 0;
      context.after(periodMs * 1000, tick, undefined);
    };
    context.after(firstMs * 1000, tick, undefined);
  }

  terminate(): void {
    if (this.stage === 'stopping' || this.stage === 'stopped') return;
    const served = this.stage === 'serving';
    this.stage = 'stopping';
    this.replicas.leaving = true;
    const { context, options } = this;
    context.emit(brokerEvents['broker-stopping'], [options.identity.id]);
    const limit = context.after(SHUTDOWN_LIMIT_US, () => this.closeDown(), undefined);
    const proceed = (): void => {
      limit.cancel();
      this.closeDown();
    };
    if (served && options.config.boolean('controlled.shutdown.enable'))
      options.coordination.controlledShutdown(proceed);
    else proceed();
  }

  /** Sockets, then fetchers, then logs; the marker of a clean end is written last. */
  private closeDown(): void {
    if (this.stage === 'stopped') return;
    this.stage = 'stopped';
    for (const listener of this.listeners) listener.close();
    const { replicas, logs, context } = this;
    replicas.fetchers.end();
    try {
      logs.shutdown(this.options.coordination.brokerEpoch, this.finish, this);
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      context.exit(1, `the logs could not be closed: ${thrown.message}`);
    }
  }

  private readonly finish = (): void => {
    const { context, options } = this;
    context.emit(brokerEvents['broker-stopped'], [options.identity.id]);
    options.coordination.close();
    context.exit(0, 'controlled shutdown');
  };
}

/** A broker's line to ZooKeeper and to the controller: registration, obedience, and the controller that every broker may become. */
import type { Context, Timer } from '../../../kernel/api.ts';
import { CreateTopics, type CreateTopicsRequest } from '../../../protocol/apis/19-create-topics.ts';
import {
  AllocateProducerIds,
  type AllocateProducerIdsResponse,
} from '../../../protocol/apis/67-allocate-producer-ids.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Hashing } from '../../../protocol/ports.ts';
import type { Api } from '../../../protocol/schema.ts';
import type { RpcSettings, ServerRequest } from '../../../rpc/api.ts';
import { ControllerChannel, saysNotController } from '../../controller-channel.ts';
import type {
  AuthorityHandle,
  BrokerCoordination,
  BrokerHost,
  BrokerIdentity,
  IsrAnswer,
  IsrProposal,
  MetadataDelta,
  MetadataImage,
} from '../../index.ts';
import { IsrProposals } from '../../isr-proposals.ts';
import type { EventType } from '../ensemble/messages.ts';
import { formatSessionId } from '../ensemble/sessions.ts';
import { AclWatch } from './acl-watch.ts';
import { type Admin, MetadataWaits } from './admin/admin.ts';
import { createTopics } from './admin/create-topics.ts';
import { BrokerChannels } from './broker-channels.ts';
import { ConfigWatch } from './config-watch.ts';
import { Controller } from './controller/controller.ts';
import { zookeeperModeEvents } from './events.ts';
import { leave } from './leaving.ts';
import { MetadataCache } from './metadata-cache.ts';
import { Obedience } from './obedience.ts';
import { ensureClusterId, ensurePaths, registerBroker } from './registration.ts';
import { HANDLED, RequestDesk } from './request-desk.ts';
import { UNCLEAN_ELECTION, type ZooKeeperModeSettings } from './settings.ts';
import { runTask, type Task } from './task.ts';
import { ignoreLostSession, ZkAccess, type ZkListener } from './zk-access.ts';
import { CONFIG_CHANGES_PATH } from './znodes.ts';

const FOREVER_MS = Number.MAX_SAFE_INTEGER / 2;
const RETRY_MS = 50;

export interface ZooKeeperCoordinationOptions {
  readonly clusterId: string;
  readonly identity: BrokerIdentity;
  readonly rpc: RpcSettings;
  /** Kernel nodes of the ensemble. */
  readonly servers: readonly string[];
  /** Port at which brokers take requests of brokers. */
  readonly internalPort: string;
  readonly settings: ZooKeeperModeSettings;
  /** For SCRAM credentials; without it there are none to be had. */
  readonly hashing?: Hashing | undefined;
  /** Is given what an operator may do to the controller that this broker may be. */
  readonly onController?: (handle: AuthorityHandle) => void;
}

export function createZooKeeperCoordination(
  context: Context,
  options: ZooKeeperCoordinationOptions,
): BrokerCoordination {
  return new ZooKeeperCoordination(context, options);
}

class ZooKeeperCoordination implements BrokerCoordination, ZkListener {
  readonly mode = 'zookeeper';
  readonly handles = HANDLED;
  readonly supportedFeatures = [];
  brokerEpoch = -1;
  private readonly context: Context;
  private readonly options: ZooKeeperCoordinationOptions;
  private readonly cache: MetadataCache;
  private readonly zk: ZkAccess;
  private readonly configs: ConfigWatch;
  private readonly acls: AclWatch | null;
  private readonly obedience: Obedience;
  private readonly controller: Controller;
  private readonly waits: MetadataWaits;
  private readonly desk: RequestDesk;
  private readonly admin: Admin;
  private readonly channels: readonly BrokerChannels[];
  private readonly isrChannel: ControllerChannel;
  private readonly idChannel: ControllerChannel;
  private readonly proposals: IsrProposals;
  private host: BrokerHost | null = null;
  private connectTimer: Timer | null = null;
  private session = 0;
  private previousSession = 0;

  constructor(context: Context, options: ZooKeeperCoordinationOptions) {
    const { clusterId, identity, rpc, servers, internalPort, settings } = options;
    this.context = context;
    this.options = options;
    const brokerEpoch = (): number => this.brokerEpoch;
    const image = (): MetadataImage => this.cache.image;
    this.cache = new MetadataCache(clusterId);
    this.zk = new ZkAccess(context, { servers, sessionTimeoutMs: settings.sessionTimeoutMs }, this);
    this.configs = new ConfigWatch(context, this.zk, this.cache, (changed) => this.configsChanged(changed));
    this.acls = settings.hasAuthorizer ? new AclWatch(context, this.zk, this.cache) : null;
    this.obedience = new Obedience(context, this.cache, this.configs, {
      brokerId: identity.id,
      brokerEpoch,
      publish: (delta) => this.publish(delta),
    });
    this.controller = new Controller(context, this.zk, {
      brokerId: identity.id,
      rpc,
      internalPort,
      settings,
      brokerDefaults: () => this.cache.image.config('broker', ''),
    });
    this.waits = new MetadataWaits(context);
    this.admin = {
      context,
      zk: this.zk,
      settings,
      image,
      waits: this.waits,
      security: () => this.cache.image.security,
      acls: this.acls,
      hashing: options.hashing,
    };
    this.desk = new RequestDesk(this.obedience, this.controller, this.admin);
    const channelsFor = (purpose: string): BrokerChannels => {
      const clientId = `broker-${identity.id}-${purpose}`;
      const requestTimeoutMs = settings.controllerSocketTimeoutMs;
      return new BrokerChannels(context, { rpc, port: internalPort, clientId, requestTimeoutMs }, image);
    };
    const [isr, ids, shutdown] = ['alter-partition', 'producer-ids', 'controlled-shutdown'].map(channelsFor);
    this.channels = [isr!, ids!, shutdown!];
    const controllerId = (): number => this.cache.image.controllerId;
    this.isrChannel = new ControllerChannel(context, isr!, controllerId);
    this.idChannel = new ControllerChannel(context, ids!, controllerId);
    this.proposals = new IsrProposals(context, this.isrChannel, { brokerId: identity.id, brokerEpoch });
  }

  get image(): MetadataImage {
    return this.cache.image;
  }

  start(host: BrokerHost): void {
    this.host = host;
    this.options.onController?.(this.controller.handle());
    const timedOut = (): void => host.onFatal('timed out waiting for a connection to ZooKeeper');
    this.connectTimer = this.context.after(this.options.settings.connectionTimeoutMs * 1000, timedOut, undefined);
    this.zk.start();
  }

  private configsChanged(resources: MetadataDelta['changedConfigs']): void {
    this.obedience.configsChanged(resources);
    const { image } = this;
    if (resources.some(({ type, name }) => image.config(type, name).get(UNCLEAN_ELECTION) === 'true')) {
      this.controller.onUncleanAllowed();
    }
  }

  private publish(delta: MetadataDelta): void {
    this.host?.onMetadata(delta);
    this.waits.check();
  }

  // ---- Sessions

  onConnected({ id, isNew, server }: { id: number; isNew: boolean; server: string }): void {
    const { context, options } = this;
    this.connectTimer?.cancel();
    if (!isNew) {
      context.emit(zookeeperModeEvents['zookeeper-reconnected'], [options.identity.id, server]);
      return;
    }
    const values = [options.identity.id, formatSessionId(id), server];
    context.cause = context.emit(zookeeperModeEvents['zookeeper-session-established'], values);
    this.previousSession = this.session;
    this.session = id;
    runTask(this.brokerEpoch < 0 ? this.startUp() : this.comeBack(), () => {}, ignoreLostSession);
  }

  onDisconnected(): void {
    this.context.emit(zookeeperModeEvents['zookeeper-disconnected'], [this.options.identity.id]);
  }

  onExpired(renew: () => void): void {
    const { context, options } = this;
    context.cause = context.emit(zookeeperModeEvents['zookeeper-session-lost'], [options.identity.id]);
    this.controller.onExpired(renew);
  }

  onWatch(type: EventType, path: string): void {
    if (path === CONFIG_CHANGES_PATH) this.configs.look();
    else if (this.acls?.onWatch(path) !== true) this.controller.onWatch(type, path);
  }

  private *startUp(): Task<void> {
    const { zk, options } = this;
    yield* ensurePaths(zk);
    const clusterId = yield* ensureClusterId(zk, options.clusterId);
    if (clusterId !== options.clusterId) {
      this.host?.onFatal(`the cluster id ${options.clusterId} is not that of ZooKeeper, ${clusterId}`);
      return;
    }
    yield* this.configs.readAll();
    if (this.acls !== null) yield* this.acls.readAll();
    if (!(yield* this.register())) {
      const { id } = options.identity;
      this.host?.onFatal(`NodeExists: /brokers/ids/${id} belongs to another session, which has not expired yet`);
      return;
    }
    this.host?.onServing();
    this.controller.onRegistered();
  }

  /** With a new session after the old one expired. */
  private *comeBack(): Task<void> {
    if (!(yield* this.register())) return;
    this.configs.look();
    this.acls?.look();
    this.controller.onRegistered();
  }

  private *register(): Task<boolean> {
    const { context, zk, options, previousSession } = this;
    const { identity, internalPort } = options;
    const epoch = yield* registerBroker(zk, { context, identity, internalPort, previousSession });
    if (epoch === null) return false;
    this.brokerEpoch = epoch;
    context.emit(zookeeperModeEvents['zookeeper-registered'], [identity.id, epoch]);
    return true;
  }

  // ---- What the broker asks for

  proposeIsr(proposal: IsrProposal, done: (answer: IsrAnswer) => void): void {
    this.proposals.propose(proposal, done);
  }

  allocateProducerIds(done: (first: number, count: number) => void): void {
    const retry = (): void => {
      this.context.after(RETRY_MS * 1000, () => this.allocateProducerIds(done), undefined);
    };
    this.idChannel.send(
      {
        api: AllocateProducerIds,
        version: 0,
        body: () =>
          AllocateProducerIds.request.make({ brokerId: this.options.identity.id, brokerEpoch: this.brokerEpoch }),
        isNotController: saysNotController,
        done: (response) => {
          const { errorCode, producerIdStart, producerIdLen } = response as AllocateProducerIdsResponse;
          if (errorCode === ErrorCode.NONE) done(producerIdStart, producerIdLen);
          else retry();
        },
        expired: retry,
      },
      FOREVER_MS,
    );
  }

  /** Nothing is passed on in this mode; topics that a broker wants by itself it writes to ZooKeeper by itself. */
  forward(
    api: Api,
    _version: number,
    body: unknown,
    timeoutMs: number,
    done: (response: unknown | null, error: number) => void,
  ): void {
    if (api.key !== CreateTopics.key) {
      done(null, ErrorCode.NOT_CONTROLLER);
      return;
    }
    const request: CreateTopicsRequest = { ...(body as CreateTopicsRequest), timeoutMs };
    runTask(
      createTopics(this.admin, request),
      (response) => done(response, ErrorCode.NONE),
      (thrown) => {
        ignoreLostSession(thrown);
        done(null, ErrorCode.NETWORK_EXCEPTION);
      },
    );
  }

  forwards(): boolean {
    return false;
  }

  controlledShutdown(done: () => void): void {
    const { context, zk, options } = this;
    const leaving = {
      context,
      zk,
      channels: this.channels[2]!,
      settings: options.settings,
      brokerId: options.identity.id,
      brokerEpoch: () => this.brokerEpoch,
    };
    runTask(leave(leaving), done, (thrown) => {
      ignoreLostSession(thrown);
      done();
    });
  }

  close(): void {
    this.controller.shutdown();
    this.isrChannel.close();
    this.idChannel.close();
    for (const channels of this.channels) channels.close();
    this.zk.close();
  }

  handle(request: ServerRequest): boolean {
    return this.desk.handle(request);
  }
}

/** A broker's line to the quorum: it observes the metadata log, and asks the active controller for what it may not decide itself. */
import { type Context, DiskError } from '../../../kernel/api.ts';
import { Envelope, type EnvelopeResponse } from '../../../protocol/apis/58-envelope.ts';
import {
  AllocateProducerIds,
  type AllocateProducerIdsResponse,
} from '../../../protocol/apis/67-allocate-producer-ids.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Api } from '../../../protocol/schema.ts';
import type { RpcSettings } from '../../../rpc/api.ts';
import { ControllerChannel, saysNotController } from '../../controller-channel.ts';
import type {
  BrokerCoordination,
  BrokerHost,
  BrokerIdentity,
  IsrAnswer,
  IsrProposal,
  MetadataImage,
} from '../../index.ts';
import { IsrProposals } from '../../isr-proposals.ts';
import { controllerApi } from '../controller/apis.ts';
import { openController } from '../controller/controller-program.ts';
import { unwrapResponse, wrapRequest } from '../controller/envelope.ts';
import { openMember } from '../quorum/open-member.ts';
import { QuorumChannels } from '../quorum/quorum-channels.ts';
import type { QuorumMember } from '../quorum/quorum-member.ts';
import { NO_NODE } from '../raft/messages.ts';
import { leaderOf } from '../raft/state.ts';
import type { KraftCluster } from '../settings.ts';
import { BrokerLifecycle } from './lifecycle.ts';
import { MetadataLoader } from './loader.ts';

/** `controller.socket.timeout.ms` */
const CONTROLLER_TIMEOUT_MS = 30_000;
const FOREVER_MS = Number.MAX_SAFE_INTEGER / 2;
const RETRY_MS = 50;

export interface CoordinationOptions {
  readonly cluster: KraftCluster;
  readonly identity: BrokerIdentity;
  readonly rpc: RpcSettings;
}

export function kraftCoordination(context: Context, options: CoordinationOptions): BrokerCoordination {
  return new KraftCoordination(context, options);
}

class KraftCoordination implements BrokerCoordination {
  readonly mode = 'kraft';
  readonly supportedFeatures: BrokerCoordination['supportedFeatures'];
  readonly handles: readonly number[] = [];
  private readonly context: Context;
  private readonly options: CoordinationOptions;
  private readonly loader: MetadataLoader;
  /** Combined mode: the process votes, and may be the active controller, beside being a broker. */
  private readonly isVoter: boolean;
  private member: QuorumMember | null = null;
  private readonly heartbeats: ControllerChannel;
  private readonly isrChannel: ControllerChannel;
  private readonly forwarding: ControllerChannel;
  private readonly proposals: IsrProposals;
  private lifecycle: BrokerLifecycle | null = null;
  private host: BrokerHost | null = null;

  constructor(context: Context, options: CoordinationOptions) {
    this.context = context;
    this.options = options;
    const { cluster, identity } = options;
    const { clusterId, settings } = cluster;
    this.supportedFeatures = settings.features;
    this.loader = new MetadataLoader(context, {
      clusterId,
      brokerId: identity.id,
      publish: (delta) => {
        this.host?.onMetadata(delta);
        this.lifecycle?.setReadyToUnfence();
      },
    });
    this.isVoter = cluster.voters.some(({ id }) => id === identity.id);
    this.heartbeats = this.channelFor('heartbeat', settings.brokerHeartbeatIntervalMs);
    this.isrChannel = this.channelFor('alter-partition', CONTROLLER_TIMEOUT_MS);
    this.forwarding = this.channelFor('forwarding', CONTROLLER_TIMEOUT_MS);
    const brokerEpoch = () => this.brokerEpoch;
    this.proposals = new IsrProposals(context, this.isrChannel, { brokerId: identity.id, brokerEpoch });
  }

  private channelFor(purpose: string, requestTimeoutMs: number): ControllerChannel {
    const { cluster, identity, rpc } = this.options;
    const clientId = `broker-${identity.id}-${purpose}`;
    const channels = new QuorumChannels(this.context, cluster, { rpc, clientId, requestTimeoutMs });
    return new ControllerChannel(this.context, channels, () =>
      this.member === null ? NO_NODE : leaderOf(this.member.raft),
    );
  }

  get image(): MetadataImage {
    return this.loader.image;
  }

  get brokerEpoch(): number {
    return this.lifecycle?.brokerEpoch ?? -1;
  }

  start(host: BrokerHost): void {
    const { cluster, identity } = this.options;
    this.host = host;
    this.lifecycle = new BrokerLifecycle(this.context, {
      cluster,
      identity,
      channel: this.heartbeats,
      directoryIds: host.directoryIds,
      previousBrokerEpoch: host.previousBrokerEpoch,
      publishedOffset: () => this.loader.publishedOffset,
      onUnfenced: () => host.onServing(),
      onFatal: (reason) => host.onFatal(reason),
    });
    try {
      this.member = this.openMember();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      host.onFatal(`the metadata log directory failed: ${error.message}`);
      return;
    }
    this.loader.attach(this.member);
    this.member.start();
    this.lifecycle.start();
  }

  private openMember(): QuorumMember {
    const { context, loader, isVoter } = this;
    const { cluster, identity, rpc } = this.options;
    const nodeId = identity.id;
    if (isVoter) return openController(context, { cluster, nodeId, rpc }, [loader]);
    return openMember(context, { cluster, nodeId, rpc, listener: loader });
  }

  proposeIsr(proposal: IsrProposal, done: (answer: IsrAnswer) => void): void {
    this.proposals.propose(proposal, done);
  }

  allocateProducerIds(done: (first: number, count: number) => void): void {
    const retry = () => this.context.after(RETRY_MS * 1000, () => this.allocateProducerIds(done), undefined);
    this.forwarding.send(
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

  forward(
    api: Api,
    version: number,
    body: unknown,
    timeoutMs: number,
    done: (response: unknown | null, error: number) => void,
  ): void {
    const requestData = wrapRequest(api, version, body, `broker-${this.options.identity.id}`);
    this.forwarding.send(
      {
        api: Envelope,
        version: 0,
        body: () =>
          Envelope.request.make({ requestData, requestPrincipal: null, clientHostAddress: new Uint8Array(4) }),
        isNotController: saysNotController,
        done: (response) => {
          const { errorCode, responseData } = response as EnvelopeResponse;
          if (errorCode !== ErrorCode.NONE || responseData === null) done(null, errorCode);
          else done(unwrapResponse(api, version, responseData), ErrorCode.NONE);
        },
        expired: () => done(null, ErrorCode.REQUEST_TIMED_OUT),
      },
      timeoutMs,
    );
  }

  forwards(apiKey: number): boolean {
    return controllerApi(apiKey)?.forwarded === true;
  }

  handle(): boolean {
    return false;
  }

  controlledShutdown(done: () => void): void {
    if (this.lifecycle === null) done();
    else this.lifecycle.leave(done);
  }

  close(): void {
    this.lifecycle?.close();
    for (const channel of [this.heartbeats, this.isrChannel, this.forwarding]) channel.close();
    // A leader says goodbye to the quorum; whether anybody hears it is not waited for.
    if (this.isVoter) this.member?.shutdown(() => {});
  }
}

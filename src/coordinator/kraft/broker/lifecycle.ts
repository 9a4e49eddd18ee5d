/**
 * A broker's life as the controller sees it (BrokerLifecycleManager): it registers, says by heartbeats that it is alive
 * and how far it has read, is unfenced once it is ready, and asks to leave before it stops.
 */
import type { Context, Timer } from '../../../kernel/api.ts';
import { BrokerRegistration, type BrokerRegistrationResponse } from '../../../protocol/apis/62-broker-registration.ts';
import { BrokerHeartbeat, type BrokerHeartbeatResponse } from '../../../protocol/apis/63-broker-heartbeat.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { securityProtocolId } from '../../../protocol/security-protocol.ts';
import { uuidFromBytes } from '../../../protocol/uuid.ts';
import { type ControllerChannel, saysNotController } from '../../controller-channel.ts';
import type { BrokerIdentity } from '../../index.ts';
import { INTERNAL_LISTENER } from '../metadata/records.ts';
import type { KraftCluster } from '../settings.ts';

const REGISTRATION_VERSION = 4;
const HEARTBEAT_VERSION = 1;
const WHILE_STARTING_MS = 10;
const FIRST_WHILE_LEAVING_MS = 50;
/** How long a broker tries to hand over before it just stops. */
const CONTROLLED_SHUTDOWN_MS = 300_000;

export type LifecycleState =
  | 'not-running'
  | 'starting'
  | 'recovery'
  | 'running'
  | 'pending-controlled-shutdown'
  | 'shutting-down';

export interface LifecycleOptions {
  readonly cluster: KraftCluster;
  readonly identity: BrokerIdentity;
  readonly channel: ControllerChannel;
  readonly directoryIds: readonly string[];
  /** Written down by a clean stop; −1 after any other. */
  readonly previousBrokerEpoch: number;
  /** Last metadata offset that this broker acts on. */
  readonly publishedOffset: () => number;
  readonly onUnfenced: () => void;
  readonly onFatal: (reason: string) => void;
}

export class BrokerLifecycle {
  state: LifecycleState = 'not-running';
  brokerEpoch = -1;
  private readonly context: Context;
  private readonly options: LifecycleOptions;
  private readonly incarnationId: string;
  private registered = false;
  private readyToUnfence = false;
  private inFlight = false;
  /** Something changed while a request was under way: the next heartbeat follows it at once. */
  private again = false;
  private timer: Timer | null = null;
  private heardWhileLeaving = false;
  private onMayLeave: (() => void) | null = null;

  constructor(context: Context, options: LifecycleOptions) {
    this.context = context;
    this.options = options;
    this.incarnationId = uuidFromBytes(context.chance('incarnation').bytes(16));
  }

  start(): void {
    this.state = 'starting';
    const { settings } = this.options.cluster;
    this.context.after(settings.initialRegistrationTimeoutMs * 1000, onRegistrationTimeout, this);
    this.communicate();
  }

  /** Logs are recovered, metadata is published: the broker can serve. */
  setReadyToUnfence(): void {
    if (this.readyToUnfence) return;
    this.readyToUnfence = true;
    this.soon();
  }

  /** Calls back when every leadership is handed over, or time is up. */
  leave(done: () => void): void {
    if (this.state !== 'running') {
      this.state = 'shutting-down';
      done();
      return;
    }
    this.state = 'pending-controlled-shutdown';
    this.onMayLeave = done;
    this.context.after(CONTROLLED_SHUTDOWN_MS * 1000, onLeaveTimeout, this);
    this.soon();
  }

  mayLeave(): void {
    this.state = 'shutting-down';
    const done = this.onMayLeave;
    this.onMayLeave = null;
    done?.();
  }

  close(): void {
    this.state = 'shutting-down';
    this.timer?.cancel();
  }

  checkRegistered(): void {
    if (!this.registered) this.options.onFatal('the broker could not register in time');
  }

  private soon(): void {
    if (this.inFlight) this.again = true;
    else this.communicateIn(0);
  }

  private communicateIn(delayMs: number): void {
    this.timer?.cancel();
    this.timer = this.context.after(delayMs * 1000, onDue, this);
  }

  communicate(): void {
    this.timer = null;
    if (this.state === 'shutting-down' || this.inFlight) return;
    this.inFlight = true;
    this.again = false;
    if (this.registered) this.sendHeartbeat();
    else this.register();
  }

  private register(): void {
    const { channel, cluster } = this.options;
    channel.send(
      {
        api: BrokerRegistration,
        version: REGISTRATION_VERSION,
        body: () => this.registration(),
        isNotController: saysNotController,
        done: (response) => this.registrationAnswered(response as BrokerRegistrationResponse),
        expired: () => this.failed(),
      },
      cluster.settings.brokerHeartbeatIntervalMs,
    );
  }

  private registration(): unknown {
    const { identity, cluster, directoryIds, previousBrokerEpoch } = this.options;
    const { node, endpoints, rack } = identity;
    return BrokerRegistration.request.make({
      brokerId: identity.id,
      clusterId: cluster.clusterId,
      incarnationId: this.incarnationId,
      listeners: [
        { name: INTERNAL_LISTENER, host: node, port: 0, securityProtocol: 0 },
        ...endpoints.map(({ name, securityProtocol, host, port }) => ({
          name,
          host,
          port,
          securityProtocol: securityProtocolId(securityProtocol),
        })),
      ],
      features: cluster.settings.features.map(({ name, min, max }) => ({
        name,
        minSupportedVersion: min,
        maxSupportedVersion: max,
      })),
      rack,
      logDirs: directoryIds,
      previousBrokerEpoch,
    });
  }

  private registrationAnswered({ errorCode, brokerEpoch }: BrokerRegistrationResponse): void {
    if (errorCode !== ErrorCode.NONE) {
      this.failed();
      return;
    }
    this.inFlight = false;
    this.registered = true;
    this.brokerEpoch = brokerEpoch;
    this.communicateIn(0);
  }

  private sendHeartbeat(): void {
    const { channel, cluster, identity, publishedOffset } = this.options;
    channel.send(
      {
        api: BrokerHeartbeat,
        version: HEARTBEAT_VERSION,
        body: () =>
          BrokerHeartbeat.request.make({
            brokerId: identity.id,
            brokerEpoch: this.brokerEpoch,
            currentMetadataOffset: publishedOffset(),
            wantFence: !this.readyToUnfence,
            wantShutDown: this.state === 'pending-controlled-shutdown',
          }),
        isNotController: saysNotController,
        done: (response) => this.heartbeatAnswered(response as BrokerHeartbeatResponse),
        expired: () => this.failed(),
      },
      cluster.settings.brokerHeartbeatIntervalMs,
    );
  }

  private failed(): void {
    this.inFlight = false;
    this.communicateIn(this.options.cluster.settings.brokerHeartbeatIntervalMs);
  }

  private heartbeatAnswered({ errorCode, isCaughtUp, isFenced, shouldShutDown }: BrokerHeartbeatResponse): void {
    if (errorCode !== ErrorCode.NONE) {
      this.failed();
      return;
    }
    this.inFlight = false;
    const nextMs = this.proceed(isCaughtUp, isFenced, shouldShutDown);
    this.communicateIn(this.again ? 0 : nextMs);
  }

  /** Moves on in life by a good answer; returns when to send the next heartbeat. */
  private proceed(isCaughtUp: boolean, isFenced: boolean, shouldShutDown: boolean): number {
    switch (this.state) {
      case 'starting':
        if (isCaughtUp) this.state = 'recovery';
        return WHILE_STARTING_MS;
      case 'recovery':
        if (!isFenced) {
          this.state = 'running';
          this.options.onUnfenced();
        }
        break;
      case 'pending-controlled-shutdown':
        if (shouldShutDown) {
          this.mayLeave();
        } else if (!this.heardWhileLeaving) {
          this.heardWhileLeaving = true;
          return FIRST_WHILE_LEAVING_MS;
        }
        break;
      default:
        break;
    }
    return this.options.cluster.settings.brokerHeartbeatIntervalMs;
  }
}

const onDue = (lifecycle: BrokerLifecycle): void => lifecycle.communicate();
const onLeaveTimeout = (lifecycle: BrokerLifecycle): void => lifecycle.mayLeave();
const onRegistrationTimeout = (lifecycle: BrokerLifecycle): void => lifecycle.checkRegistered();

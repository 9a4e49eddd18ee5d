import type { Timer } from '../../kernel/api.ts';
import { Heartbeat, type HeartbeatResponse } from '../../protocol/apis/12-heartbeat.ts';
import { ErrorCode, isCoordinatorMoved } from '../../protocol/errors.ts';
import { failureCode, type RequestFailure } from '../connection.ts';
import type { ClientNetwork } from '../network.ts';
import type { CommitIdentity } from './commits.ts';
import type { CoordinatorFinder } from './coordinator.ts';
import type { ConsumerSettings } from './settings.ts';

/** The member whose heart beats. */
export interface BeatingMember {
  /** Whether the coordinator should hear from it. */
  readonly alive: boolean;
  readonly generation: number;
  readonly identity: CommitIdentity;
  rebalanceStarted(): void;
  thrownOut(error: number): void;
  /** poll() was not called for too long. */
  pollOverdue(): void;
  onFatal(error: number): void;
}

/** Keeps a member alive while its application processes records (AbstractCoordinator.HeartbeatThread). */
export class Heartbeats {
  private readonly network: ClientNetwork;
  private readonly settings: ConsumerSettings;
  private readonly finder: CoordinatorFinder;
  private readonly member: BeatingMember;
  private timer: Timer | null = null;
  private inFlight = false;
  private failures = 0;
  /** The last beat that was answered well, or the start. */
  private heardUs = 0;
  /** Since when the application processes; null: it polls. */
  private processingSinceUs: number | null = null;
  private stopped = false;

  constructor(network: ClientNetwork, settings: ConsumerSettings, finder: CoordinatorFinder, member: BeatingMember) {
    this.network = network;
    this.settings = settings;
    this.finder = finder;
    this.member = member;
  }

  /** The member was admitted: the first beat comes one interval later. */
  begin(): void {
    this.heardUs = this.network.context.nowUs();
    this.failures = 0;
    this.schedule(this.settings.heartbeatIntervalMs * 1000);
  }

  polled(): void {
    this.processingSinceUs = null;
  }

  processing(): void {
    this.processingSinceUs ??= this.network.context.nowUs();
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  beat(): void {
    this.timer = null;
    if (this.stopped) return;
    const { settings, finder, member, network } = this;
    const nowUs = network.context.nowUs();
    this.schedule(settings.heartbeatIntervalMs * 1000);
    if (!member.alive || this.inFlight) return;
    if (this.processingSinceUs !== null && nowUs - this.processingSinceUs > settings.maxPollIntervalMs * 1000) {
      member.pollOverdue();
      return;
    }
    if (nowUs - this.heardUs > settings.sessionTimeoutMs * 1000) {
      this.heardUs = nowUs;
      finder.lost('session timed out without a successful heartbeat');
      return;
    }
    const connection = finder.connection();
    if (connection === null) {
      this.failed();
      return;
    }
    this.inFlight = true;
    const { group, generation, memberId, instanceId } = member.identity;
    const body = { groupId: group, generationId: generation, memberId, groupInstanceId: instanceId };
    connection.send(Heartbeat, body, beaten, { heartbeats: this, generation });
  }

  answered(generation: number, response: HeartbeatResponse | null, failure: RequestFailure | null): void {
    this.inFlight = false;
    const { network, finder, member } = this;
    const error = failure !== null ? failureCode(failure) : response!.errorCode;
    if (error === ErrorCode.NONE || error === ErrorCode.REBALANCE_IN_PROGRESS) {
      this.heardUs = network.context.nowUs();
      this.failures = 0;
    }
    if (error === ErrorCode.NONE || this.stopped) return;
    network.sawError(Heartbeat.name, error, null, null);
    if (failure !== null || isCoordinatorMoved(error)) {
      finder.lost(failure !== null ? 'disconnected' : 'it says so');
      this.failed();
    } else if (generation !== member.generation || !member.alive) return;
    else if (error === ErrorCode.REBALANCE_IN_PROGRESS) member.rebalanceStarted();
    else if (error === ErrorCode.UNKNOWN_MEMBER_ID || error === ErrorCode.ILLEGAL_GENERATION) member.thrownOut(error);
    else if (error === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) this.failed();
    else member.onFatal(error);
  }

  /** The next one comes sooner than the interval. */
  private failed(): void {
    this.schedule(this.network.retryBackoffUs(this.failures));
    this.failures += 1;
  }

  private schedule(delayUs: number): void {
    if (this.stopped) return;
    this.timer?.cancel();
    this.timer = this.network.context.after(delayUs, beatDue, this);
  }
}

function beatDue(heartbeats: Heartbeats): void {
  heartbeats.beat();
}

function beaten(
  { heartbeats, generation }: { heartbeats: Heartbeats; generation: number },
  response: unknown,
  failure: RequestFailure | null,
): void {
  heartbeats.answered(generation, failure === null ? (response as HeartbeatResponse) : null, failure);
}

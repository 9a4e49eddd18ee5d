import { JoinGroup, type JoinGroupResponse } from '../../protocol/apis/11-join-group.ts';
import { LeaveGroup } from '../../protocol/apis/13-leave-group.ts';
import { SyncGroup, type SyncGroupResponse } from '../../protocol/apis/14-sync-group.ts';
import { ErrorCode, isCoordinatorMoved } from '../../protocol/errors.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { failureCode, type RequestFailure } from '../connection.ts';
import { clientEvents } from '../events.ts';
import type { ClientNetwork } from '../network.ts';
import type { Assignment } from './assignment.ts';
import type { TopicPartition } from './assignors/assignor.ts';
import type { CommitIdentity } from './commits.ts';
import type { CoordinatorFinder } from './coordinator.ts';
import { GroupLeader, type MemberAssignment } from './group-leader.ts';
import { Heartbeats } from './heartbeats.ts';
import type { ConsumerSettings } from './settings.ts';
import { readAssignment, subscriptionBytes } from './subscription.ts';

const PROTOCOL_TYPE = 'consumer';
/** Between two tries of a join that failed for a reason that passes. */
const JOIN_RETRY_US = 100_000;
/** The coordinator holds a join for as long as a rebalance may take; the client waits a little longer. */
const JOIN_GRACE_MS = 5_000;

export type MemberState =
  | 'unjoined'
  /** What it owns is being committed and revoked. */
  | 'preparing'
  /** The coordinator waits for the other members. */
  | 'joining'
  /** The leader assigns. */
  | 'syncing'
  | 'stable';

/** What membership asks of its consumer. The callbacks to the application happen inside poll(). */
export interface MemberOwner {
  /** Before a rebalance: commit, if the consumer commits by itself; then `done`. */
  commitBeforeRebalance(done: () => void): void;
  /** These are the consumer's from now on, beside what it kept. */
  assign(partitions: readonly TopicPartition[]): void;
  /** These are not, and it knew that they would go. */
  revoke(partitions: readonly TopicPartition[]): void;
  /** Everything was taken from it. */
  lose(): void;
  /** Something happened that poll() should look at. */
  wake(): void;
  /** poll() must throw this. */
  onFatal(error: number): void;
}

export interface MemberParts {
  readonly network: ClientNetwork;
  readonly settings: ConsumerSettings;
  readonly finder: CoordinatorFinder;
  readonly assignment: Assignment;
  readonly topics: readonly string[];
  readonly owner: MemberOwner;
}

/** A member of a classic group: joins, syncs, keeps itself alive, and leaves (AbstractCoordinator, ConsumerCoordinator). */
export class Membership {
  state: MemberState = 'unjoined';
  memberId = '';
  generation = -1;
  private readonly parts: MemberParts;
  private readonly heartbeats: Heartbeats;
  /** EAGER unless every assignor is cooperative. */
  private readonly cooperative: boolean;
  private rejoinNeeded = true;
  /** It was thrown out: what it owns is lost, not revoked. */
  private lost = false;
  private leads = false;
  private readonly leader: GroupLeader;
  /** It came outside poll() and takes effect in the next. */
  private delivered: readonly TopicPartition[] | null = null;
  private waitUntilUs = 0;
  private leaving = false;

  constructor(parts: MemberParts) {
    this.parts = parts;
    this.cooperative = parts.settings.assignors.every(({ cooperative }) => cooperative);
    this.leader = new GroupLeader(parts.network, parts.topics);
    this.heartbeats = new Heartbeats(parts.network, parts.settings, parts.finder, this);
  }

  get identity(): CommitIdentity {
    const { group, groupInstanceId } = this.parts.settings;
    return { group: group!, generation: this.generation, memberId: this.memberId, instanceId: groupInstanceId };
  }

  /** What it owns is about to be revoked: nothing of it is fetched or returned any more. */
  get holdsBack(): boolean {
    return this.state === 'preparing' && !this.cooperative;
  }

  /** What poll() does for the group: takes an assignment over, joins if that is needed. */
  poll(): void {
    this.heartbeats.polled();
    if (this.leaving) return;
    if (this.delivered !== null) this.complete(this.delivered);
    if (this.leads && this.state === 'stable' && this.leader.topicsChanged()) this.rejoinNeeded = true;
    if (!this.rejoinNeeded || (this.state !== 'unjoined' && this.state !== 'stable')) return;
    if (this.parts.network.context.nowUs() < this.waitUntilUs || this.parts.finder.connection() === null) return;
    this.prepare();
  }

  /** The application does not call poll() any more until it has processed what it got. */
  processing(): void {
    this.heartbeats.processing();
  }

  /** A heartbeat said that the group rebalances. */
  rebalanceStarted(): void {
    if (this.state === 'stable') this.rejoinNeeded = true;
    this.parts.owner.wake();
  }

  /** The coordinator does not have this member in this generation any more. */
  thrownOut(error: number): void {
    if (error === ErrorCode.UNKNOWN_MEMBER_ID) this.memberId = '';
    this.generation = -1;
    this.lost = true;
    this.rejoinNeeded = true;
    this.delivered = null;
    if (this.state !== 'preparing') this.state = 'unjoined';
    this.parts.owner.wake();
  }

  /** Whether the coordinator should hear from it. */
  get alive(): boolean {
    return this.generation >= 0 && !this.leaving && this.state !== 'unjoined' && this.state !== 'joining';
  }

  onFatal(error: number): void {
    this.heartbeats.stop();
    this.parts.owner.onFatal(error);
  }

  /** poll() was not called for max.poll.interval.ms: a dynamic member leaves, a static one falls silent. */
  pollOverdue(): void {
    if (this.parts.settings.groupInstanceId === null) this.sendLeave('consumer poll timeout has expired.', () => {});
    this.thrownOut(ErrorCode.UNKNOWN_MEMBER_ID);
  }

  /** For good. Static members keep their place until their session ends. */
  leave(done: () => void): void {
    this.leaving = true;
    this.heartbeats.stop();
    if (this.parts.settings.groupInstanceId !== null || this.memberId === '') done();
    else this.sendLeave('the consumer is being closed', done);
  }

  private sendLeave(reason: string, done: () => void): void {
    const connection = this.parts.finder.connection();
    if (connection === null) {
      done();
      return;
    }
    const { memberId } = this;
    const { group } = this.parts.settings;
    const single = (connection.versionOf(LeaveGroup) ?? 0) < 3;
    const body = {
      groupId: group!,
      memberId: single ? memberId : '',
      members: single ? [] : [{ memberId, groupInstanceId: null, reason }],
    };
    connection.send(LeaveGroup, body, call, done);
  }

  private prepare(): void {
    const { owner, assignment } = this.parts;
    this.state = 'preparing';
    if (this.lost) {
      owner.lose();
      this.lost = false;
      this.join();
      return;
    }
    owner.commitBeforeRebalance(() => {
      if (this.leaving) return;
      if (this.lost) owner.lose();
      else if (!this.cooperative) owner.revoke(assignment.owned());
      this.lost = false;
      this.join();
    });
  }

  private join(): void {
    const { network, settings, finder, topics, assignment } = this.parts;
    const connection = finder.connection();
    if (connection === null) {
      this.tryAgain();
      return;
    }
    this.rejoinNeeded = false;
    this.state = 'joining';
    const { generation } = this;
    const body = {
      groupId: settings.group!,
      sessionTimeoutMs: settings.sessionTimeoutMs,
      rebalanceTimeoutMs: settings.maxPollIntervalMs,
      memberId: this.memberId,
      groupInstanceId: settings.groupInstanceId,
      protocolType: PROTOCOL_TYPE,
      protocols: settings.assignors.map((assignor) => ({
        name: assignor.name,
        metadata: subscriptionBytes(assignor, { topics, owned: assignment.owned(), generation }),
      })),
      reason: null,
    };
    const timeoutMs = Math.max(settings.requestTimeoutMs, settings.maxPollIntervalMs + JOIN_GRACE_MS);
    connection.send(JoinGroup, body, joined, this, { timeoutMs });
    network.refresher.run();
  }

  joined(response: JoinGroupResponse | null, failure: RequestFailure | null): void {
    const error = failure !== null ? failureCode(failure) : response!.errorCode;
    if (this.leaving || this.state !== 'joining') return;
    if (error !== ErrorCode.NONE) {
      this.joinFailed(error, response, failure !== null);
      return;
    }
    const { generationId, memberId, leader, protocolName, members, skipAssignment } = response!;
    const { network, settings } = this.parts;
    this.generation = generationId;
    this.memberId = memberId;
    this.leads = leader === memberId;
    this.state = 'syncing';
    const values = [settings.group, generationId, memberId, this.leads, protocolName];
    network.context.emit(clientEvents['group-joined'], values);
    this.heartbeats.begin();
    const assignor = settings.assignors.find(({ name }) => name === protocolName);
    const assigns = this.leads && !skipAssignment && assignor !== undefined;
    const assignments = assigns ? this.understand(() => this.leader.assign(assignor, members)) : [];
    if (assignments !== undefined) this.sync(assignments, protocolName);
  }

  private joinFailed(error: number, response: JoinGroupResponse | null, disconnected: boolean): void {
    const { network, finder } = this.parts;
    this.state = 'unjoined';
    this.rejoinNeeded = true;
    if (error === ErrorCode.MEMBER_ID_REQUIRED) {
      this.memberId = response!.memberId;
      this.join();
      return;
    }
    network.sawError(JoinGroup.name, error, null, null);
    if (disconnected || isCoordinatorMoved(error)) finder.lost(disconnected ? 'disconnected' : 'it says so');
    else if (error === ErrorCode.UNKNOWN_MEMBER_ID) {
      this.thrownOut(error);
      return;
    } else if (error !== ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && error !== ErrorCode.REBALANCE_IN_PROGRESS) {
      this.onFatal(error);
      return;
    }
    this.tryAgain();
  }

  /** What other members of the group wrote may be nonsense: then `poll()` throws, as in Java. */
  private understand<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof MalformedMessage)) throw thrown;
      this.onFatal(ErrorCode.UNKNOWN_SERVER_ERROR);
      return undefined;
    }
  }

  private sync(assignments: readonly MemberAssignment[], protocolName: string | null): void {
    const { settings, finder } = this.parts;
    const connection = finder.connection();
    if (connection === null) {
      this.state = 'unjoined';
      this.rejoinNeeded = true;
      this.tryAgain();
      return;
    }
    const body = {
      groupId: settings.group!,
      generationId: this.generation,
      memberId: this.memberId,
      groupInstanceId: settings.groupInstanceId,
      protocolType: PROTOCOL_TYPE,
      protocolName,
      assignments,
    };
    connection.send(SyncGroup, body, synced, { member: this, generation: this.generation });
  }

  synced(generation: number, response: SyncGroupResponse | null, failure: RequestFailure | null): void {
    if (this.leaving || this.state !== 'syncing' || generation !== this.generation) return;
    const { network, finder, owner } = this.parts;
    const error = failure !== null ? failureCode(failure) : response!.errorCode;
    if (error === ErrorCode.NONE) {
      const delivered = this.understand(() => readAssignment(response!.assignment));
      if (delivered === undefined) return;
      this.state = 'stable';
      this.delivered = delivered;
      owner.wake();
      return;
    }
    network.sawError(SyncGroup.name, error, null, null);
    this.state = 'unjoined';
    this.rejoinNeeded = true;
    if (failure !== null || isCoordinatorMoved(error)) {
      finder.lost(failure !== null ? 'disconnected' : 'it says so');
      this.tryAgain();
    } else if (error === ErrorCode.UNKNOWN_MEMBER_ID || error === ErrorCode.ILLEGAL_GENERATION) this.thrownOut(error);
    else if (error === ErrorCode.REBALANCE_IN_PROGRESS) owner.wake();
    else if (error === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) this.tryAgain();
    else this.onFatal(error);
  }

  /** The assignment takes effect. A cooperative member gives up what it must now, and joins again at once. */
  private complete(assigned: readonly TopicPartition[]): void {
    const { owner, assignment } = this.parts;
    this.delivered = null;
    const given = assigned.filter((partition) => !assignment.has(partition));
    if (this.cooperative) {
      const gone = assignment
        .owned()
        .filter(
          ({ topic, partition }) => !assigned.some((other) => other.topic === topic && other.partition === partition),
        );
      if (gone.length > 0) {
        owner.revoke(gone);
        this.rejoinNeeded = true;
      }
    }
    owner.assign(given);
  }

  private tryAgain(): void {
    if (this.state === 'preparing') this.state = 'unjoined';
    const { context } = this.parts.network;
    this.waitUntilUs = context.nowUs() + JOIN_RETRY_US;
    context.after(JOIN_RETRY_US, wake, this.parts.owner);
  }
}

function joined(member: Membership, response: unknown, failure: RequestFailure | null): void {
  member.joined(failure === null ? (response as JoinGroupResponse) : null, failure);
}

function synced(
  { member, generation }: { member: Membership; generation: number },
  response: unknown,
  failure: RequestFailure | null,
): void {
  member.synced(generation, failure === null ? (response as SyncGroupResponse) : null, failure);
}

function call(done: () => void): void {
  done();
}

function wake(owner: MemberOwner): void {
  owner.wake();
}

import { ErrorCode, isCoordinatorMoved, isRetriable } from '../../protocol/errors.ts';
import type { ClientNetwork } from '../network.ts';
import type { Committer } from './commits.ts';
import type { Membership } from './membership.ts';
import type { ConsumerSettings } from './settings.ts';

/** When a consumer commits, and what it makes of the errors (ConsumerCoordinator). */
export class GroupCommits {
  private readonly network: ClientNetwork;
  private readonly settings: ConsumerSettings;
  private readonly committer: Committer;
  private readonly member: Membership;
  private nextAutoUs: number;
  private autoInFlight = false;

  constructor(network: ClientNetwork, settings: ConsumerSettings, committer: Committer, member: Membership) {
    this.network = network;
    this.settings = settings;
    this.committer = committer;
    this.member = member;
    this.nextAutoUs = 0;
    this.restart();
  }

  /** The interval begins anew when a rebalance is done. */
  restart(): void {
    this.nextAutoUs = this.network.context.nowUs() + (this.settings.autoCommitIntervalMs ?? 0) * 1000;
  }

  /** Inside poll(): commits what earlier polls returned, if it is time. */
  autoCommitIfDue(): void {
    const { autoCommitIntervalMs } = this.settings;
    const { context } = this.network;
    if (autoCommitIntervalMs === null || this.autoInFlight || context.nowUs() < this.nextAutoUs) return;
    if (this.member.generation < 0) return;
    this.autoInFlight = true;
    this.nextAutoUs = context.nowUs() + autoCommitIntervalMs * 1000;
    this.committer.commit(this.member.identity, (error) => {
      this.autoInFlight = false;
      if (isRetriable(error)) this.nextAutoUs = this.network.context.nowUs() + this.network.retryBackoffUs(0);
      this.react(error);
    });
  }

  /** Before a rebalance and at close: tried until it is done or hopeless, or the time is over. */
  finalAutoCommit(limitMs: number, done: () => void): void {
    if (this.settings.autoCommitIntervalMs === null || this.member.generation < 0 || !this.committer.needed) done();
    else this.commitSync(limitMs, done);
  }

  /** commitSync of the application. `done` gets the error that it would be thrown. */
  commitSync(limitMs: number, done: (error: number) => void): void {
    const deadlineUs = this.network.context.nowUs() + limitMs * 1000;
    this.attempt({ commits: this, deadlineUs, failures: 0, done });
  }

  attempt(sync: SyncCommit): void {
    if (this.member.generation < 0) {
      sync.done(ErrorCode.UNKNOWN_MEMBER_ID);
      return;
    }
    this.committer.commit(this.member.identity, (error) => {
      const { context } = this.network;
      if (!isRetriable(error)) {
        this.react(error);
        sync.done(error);
        return;
      }
      if (context.nowUs() >= sync.deadlineUs) {
        sync.done(ErrorCode.REQUEST_TIMED_OUT);
        return;
      }
      context.after(this.network.retryBackoffUs(sync.failures), again, { ...sync, failures: sync.failures + 1 });
    });
  }

  /** A commit tells of the group's state, too. */
  private react(error: number): void {
    if (isCoordinatorMoved(error)) return;
    if (error === ErrorCode.REBALANCE_IN_PROGRESS) this.member.rebalanceStarted();
    else if (error === ErrorCode.UNKNOWN_MEMBER_ID || error === ErrorCode.ILLEGAL_GENERATION)
      this.member.thrownOut(error);
    else if (error === ErrorCode.FENCED_INSTANCE_ID) this.member.onFatal(error);
  }
}

interface SyncCommit {
  readonly commits: GroupCommits;
  readonly deadlineUs: number;
  readonly failures: number;
  readonly done: (error: number) => void;
}

function again(sync: SyncCommit): void {
  sync.commits.attempt(sync);
}

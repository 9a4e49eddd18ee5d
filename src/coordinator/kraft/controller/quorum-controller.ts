/**
 * A controller beside its Raft: it applies what is committed, becomes the active one when its node leads and has caught
 * up with all that its predecessors committed, and ceases to be when the leadership goes.
 */
import type { Context, EventId } from '../../../kernel/api.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Hashing } from '../../../protocol/ports.ts';
import { uuidFromBytes } from '../../../protocol/uuid.ts';
import { type AuthorityHandle, authorityEvents } from '../../index.ts';
import { apply } from '../metadata/apply.ts';
import { ClusterMetadata } from '../metadata/cluster-metadata.ts';
import { describeQuorum } from '../quorum/describe-quorum.ts';
import type { QuorumListener, QuorumMember, RoleChange } from '../quorum/quorum-member.ts';
import { decideActivation } from './activation.ts';
import { ActiveController } from './active-controller.ts';
import type { ControllerApi, Moment } from './apis.ts';
import { applyAndReport, type CommittedRecord } from './commit-trace.ts';
import { expireSession, startPeriodicTasks } from './periodic-tasks.ts';
import type { ControllerConfig } from './state.ts';

export class QuorumController implements QuorumListener {
  readonly committed = new ClusterMetadata();
  private readonly context: Context;
  private readonly config: ControllerConfig;
  private readonly lingerMs: number;
  private readonly moment: Moment;
  private member!: QuorumMember;
  /** Offset of the next record to be applied. */
  private nextOffset = 0;
  /** This node leads this epoch; −1 if it does not. */
  private ledEpoch = -1;
  private active: ActiveController | null = null;

  constructor(
    context: Context,
    config: ControllerConfig,
    { lingerMs, hashing }: { readonly lingerMs: number; readonly hashing: Hashing | undefined },
  ) {
    this.context = context;
    this.config = config;
    this.lingerMs = lingerMs;
    const ids = context.chance('topic-ids');
    const aclIds = context.chance('acl-ids');
    this.moment = {
      get nowMs() {
        return context.nowMs();
      },
      newTopicId: () => uuidFromBytes(ids.bytes(16)),
      newAclId: () => uuidFromBytes(aclIds.bytes(16)),
      hashing,
      describeQuorum: (request) => describeQuorum(this.member.raft, request, context.wallMs()),
    };
  }

  attach(member: QuorumMember): void {
    this.member = member;
  }

  onRole(change: RoleChange): void {
    if (this.ledEpoch >= 0) this.renounce(change.resignCause ?? 'new-epoch');
    if (change.role === 'leader') this.ledEpoch = change.epoch;
  }

  onHighWatermark(offset: number): void {
    if (this.ledEpoch < 0) {
      this.nextOffset = this.member.log.replay(this.nextOffset, offset, (record, at) =>
        apply(this.committed, record, at),
      );
      this.committed.offset = offset - 1;
      return;
    }
    const cause = this.commit(offset);
    this.active?.answerUpTo(offset);
    if (this.active === null) this.activate(cause);
    // Whoever learns of the commit learns of it because of what it tells.
    this.context.cause = cause;
  }

  onAppendRefused(): void {
    // The leadership ended between a decision and its append; `onRole` has renounced already.
  }

  /** The leader's commits are told to the trace, with the reasons if they are its own. */
  private commit(upTo: number): EventId {
    const { context, active } = this;
    const happened = context.cause;
    const inherited = { lastOffset: upTo - 1, reason: 'decided-by-predecessor', cause: happened, told: 0 };
    const committed: CommittedRecord[] = [];
    this.nextOffset = this.member.log.replay(this.nextOffset, upTo, (record, offset) => {
      committed.push({ record, offset, origin: active?.originOf(offset) ?? inherited });
    });
    this.committed.offset = upTo - 1;
    return applyAndReport(context, this.committed, committed) || happened;
  }

  /** The first commit of the epoch says that everything before it is applied. */
  private activate(cause: EventId): void {
    const { context, member, config, committed, lingerMs, ledEpoch: epoch } = this;
    context.cause = cause;
    context.cause = context.emit(authorityEvents['controller-elected'], [context.node, epoch]);
    const active = new ActiveController(context, { epoch, member, config, committed, lingerMs });
    this.active = active;
    active.carryOut(decideActivation(active.state), nothing, nothing);
    startPeriodicTasks(context, active);
  }

  private renounce(reason: string): void {
    const { active, context, ledEpoch } = this;
    this.ledEpoch = -1;
    if (active === null) return;
    this.active = null;
    const resigned = context.emit(authorityEvents['controller-resigned'], [context.node, ledEpoch, reason]);
    context.cause = resigned;
    active.end();
  }

  /** Decides a request, or says that it is not the controller; `answer` gets the body, `errorCode` 41 in the latter case. */
  decide(entry: ControllerApi, body: unknown, answer: (response: unknown, errorCode: number) => void): void {
    const lost = () => answer(entry.refuse(body, ErrorCode.NOT_CONTROLLER), ErrorCode.NOT_CONTROLLER);
    const { active } = this;
    if (active === null) {
      lost();
      return;
    }
    const decision = entry.decide(active.state, body, this.moment);
    const lastOffset = active.carryOut(decision, (response) => answer(response, ErrorCode.NONE), lost);
    decision.note?.(lastOffset);
  }

  /** What an operator may do to this controller, while its process runs. */
  handle(): AuthorityHandle {
    const isActive = () => this.active !== null;
    return {
      node: this.context.node,
      get active() {
        return isActive();
      },
      expireSession: (brokerId) => this.active !== null && expireSession(this.active, brokerId, this.context),
      resign: () => {
        if (this.active === null) return false;
        this.member.resign(this.active.epoch);
        return true;
      },
    };
  }

  /** A heartbeat counts as contact when it arrives, however long it waits after that. */
  touch(brokerId: number, brokerEpoch: number): void {
    const { active } = this;
    if (active === null) return;
    const known = active.state.metadata.brokers.get(brokerId);
    if (known?.epoch === brokerEpoch) active.state.heartbeats.touch(brokerId, brokerEpoch, this.context.nowMs());
  }
}

const nothing = (): void => {};

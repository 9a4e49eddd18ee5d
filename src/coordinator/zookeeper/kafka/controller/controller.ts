/**
 * The controller of a ZooKeeper-mode cluster (KafkaController). Every broker has one; the one that created `/controller` is active.
 * An old one may go on for a while: brokers and ZooKeeper tell it by its epoch.
 */
import type { Context, Timer } from '../../../../kernel/api.ts';
import type { StopReplicaResponse } from '../../../../protocol/apis/05-stop-replica.ts';
import type { RpcSettings } from '../../../../rpc/api.ts';
import { type AuthorityHandle, authorityEvents } from '../../../index.ts';
import { deleteOp } from '../../client/ops.ts';
import { EventType } from '../../ensemble/messages.ts';
import { zookeeperModeEvents } from '../events.ts';
import type { ZooKeeperModeSettings } from '../settings.ts';
import { atOnce, type Task } from '../task.ts';
import { SessionLost, type ZkAccess } from '../zk-access.ts';
import {
  BROKER_IDS_PATH,
  CONTROLLER_PATH,
  DELETE_TOPICS_PATH,
  PREFERRED_ELECTION_PATH,
  REASSIGN_PATH,
  TOPICS_PATH,
} from '../znodes.ts';
import { processBrokerChange, processBrokerModification } from './broker-changes.ts';
import { campaign, currentController } from './campaign.ts';
import { EventQueue } from './event-queue.ts';
import { readCluster, startMachines } from './failover.ts';
import { ControllerMoved, fencedWrite } from './fenced.ts';
import { rebalanceLeaders } from './leader-elections.ts';
import { triggerOnline } from './partition-machine.ts';
import type { ControllerParts } from './parts.ts';
import { resumeReassignments } from './reassignment.ts';
import { RequestBatch } from './request-batch.ts';
import { BrokerSenders } from './senders.ts';
import { ControllerState } from './state.ts';
import { processPreferredElectionNode, processReassignNode } from './tool-requests.ts';
import { processPartitionModifications, processTopicChange } from './topic-changes.ts';
import { processDeletionAnswer, processTopicDeletion, resumeDeletions } from './topic-deletion.ts';

/** The first look at the balance of leaders comes this long after the failover. */
const FIRST_REBALANCE_MS = 5000;

export interface ControllerOptions {
  readonly brokerId: number;
  readonly rpc: RpcSettings;
  /** Port at which brokers take requests of brokers. */
  readonly internalPort: string;
  readonly settings: ZooKeeperModeSettings;
  readonly brokerDefaults: () => ReadonlyMap<string, string>;
}

export class Controller {
  private readonly context: Context;
  private readonly zk: ZkAccess;
  private readonly options: ControllerOptions;
  private readonly events: EventQueue;
  /** While this broker believes to be the active controller. */
  private parts: ControllerParts | null = null;
  private rebalanceTimer: Timer | null = null;

  constructor(context: Context, zk: ZkAccess, options: ControllerOptions) {
    this.context = context;
    this.zk = zk;
    this.options = options;
    this.events = new EventQueue(context, (thrown) => this.eventFailed(thrown));
  }

  get isActive(): boolean {
    return this.parts !== null;
  }

  get state(): ControllerState | null {
    return this.parts?.state ?? null;
  }

  /** The broker is registered, for the first time or with a new session: it may try to become the controller. */
  onRegistered(): void {
    this.events.put({ run: () => this.reelect() });
  }

  /** A setting lets replicas from outside the ISR lead: partitions that nobody leads are looked at again. */
  onUncleanAllowed(): void {
    this.whenActive(function* (parts) {
      yield* triggerOnline(parts);
      parts.batch.send();
    });
  }

  /** The session is over. `begun` is called when nothing of the old controllership is under way any more. */
  onExpired(begun: () => void): void {
    const resign = (): void => {
      begun();
      this.resign('its ZooKeeper session expired');
    };
    this.events.clearAndPut({ run: () => atOnce(resign) });
  }

  /** What an operator may do to it; sessions are the ensemble's affair. */
  handle(): AuthorityHandle {
    const isActive = (): boolean => this.isActive;
    return {
      node: this.context.node,
      get active() {
        return isActive();
      },
      expireSession: () => false,
      resign: () => {
        if (isActive()) this.context.after(0, onGiveUp, this);
        return isActive();
      },
    };
  }

  /** Deletes its own znode, unless somebody else has the controllership by now. */
  giveUp(): void {
    this.whenActive(function* ({ zk, state }) {
      yield* fencedWrite(zk, state.epochZkVersion, [deleteOp(CONTROLLER_PATH, -1)]);
    });
  }

  /** The broker ends in an orderly way. */
  shutdown(): void {
    this.resign('its broker shuts down');
  }

  /** Does something as the active controller, in its turn. `refused` if this broker is not, or ceases to be, the controller. */
  request(work: (parts: ControllerParts) => Task<void>, refused: () => void): void {
    const run = (): Task<void> => this.whileActive(work, refused);
    this.events.put({ run, dropped: refused });
  }

  private *whileActive(work: (parts: ControllerParts) => Task<void>, refused: () => void): Task<void> {
    const { parts } = this;
    if (parts === null) {
      refused();
      return;
    }
    try {
      yield* work(parts);
    } catch (thrown) {
      refused();
      throw thrown;
    }
  }

  private whenActive(work: (parts: ControllerParts) => Task<void>): void {
    if (this.parts !== null) this.request(work, () => {});
  }

  onWatch(type: EventType, path: string): void {
    if (path === CONTROLLER_PATH) {
      if (type === EventType.nodeDeleted) this.events.put({ run: () => this.reelect() });
      else this.events.put({ run: () => this.resignIfMoved() });
      return;
    }
    if (path === BROKER_IDS_PATH) this.whenActive(processBrokerChange);
    else if (path === TOPICS_PATH) this.whenActive(processTopicChange);
    else if (path === DELETE_TOPICS_PATH) this.whenActive(processTopicDeletion);
    else if (path === PREFERRED_ELECTION_PATH) this.whenActive(processPreferredElectionNode);
    else if (path === REASSIGN_PATH) this.whenActive(processReassignNode);
    else if (type === EventType.nodeDataChanged) this.onDataChanged(path);
  }

  private onDataChanged(path: string): void {
    if (path.startsWith(`${BROKER_IDS_PATH}/`)) this.whenActive(processBrokerModification);
    const topic = path.startsWith(`${TOPICS_PATH}/`) ? path.slice(TOPICS_PATH.length + 1) : '';
    if (topic !== '' && !topic.includes('/')) this.whenActive((parts) => processPartitionModifications(parts, topic));
  }

  // ---- Election

  private *reelect(): Task<void> {
    yield* this.resignIfMoved();
    const { zk, context, options } = this;
    if ((yield* currentController(zk)) >= 0) return;
    const won = yield* campaign(zk, options.brokerId, context);
    if (won === null) {
      yield* this.resignIfMoved();
      return;
    }
    context.cause = context.emit(zookeeperModeEvents['controller-failover-began'], [won.epoch]);
    yield* this.takeOver(new ControllerState(won.epoch, won.zkVersion));
  }

  private *takeOver(state: ControllerState): Task<void> {
    const { context } = this;
    const parts = this.makeParts(state);
    this.parts = parts;
    yield* readCluster(parts);
    context.emit(authorityEvents['controller-elected'], [context.node, state.epoch]);
    yield* startMachines(parts);
    yield* resumeReassignments(parts);
    yield* resumeDeletions(parts);
    yield* processPreferredElectionNode(parts);
    yield* processReassignNode(parts);
    const { brokers, topics } = state;
    const values = [state.epoch, brokers.size, topics.size, [...state.partitions()].length];
    context.emit(zookeeperModeEvents['controller-failover-finished'], values);
    if (this.options.settings.autoLeaderRebalance) this.scheduleRebalance(FIRST_REBALANCE_MS);
  }

  private makeParts(state: ControllerState): ControllerParts {
    const { context, zk } = this;
    const { brokerId, rpc, internalPort, settings, brokerDefaults } = this.options;
    const senders = new BrokerSenders(context, {
      rpc,
      port: internalPort,
      clientId: String(brokerId),
      timeoutMs: settings.controllerSocketTimeoutMs,
    });
    const batch = new RequestBatch(state, {
      controllerId: brokerId,
      internalPort: Number(internalPort),
      senders,
      onDeletion: (id, deleted, response: StopReplicaResponse) =>
        this.whenActive((parts) => processDeletionAnswer(parts, id, deleted, response)),
    });
    return { context, zk, state, batch, senders, settings, brokerDefaults };
  }

  private *resignIfMoved(): Task<void> {
    const id = yield* currentController(this.zk);
    if (this.parts !== null && id !== this.options.brokerId) this.resign('somebody else is the controller');
  }

  private resign(reason: string): void {
    const { parts, context } = this;
    if (parts === null) return;
    this.parts = null;
    this.rebalanceTimer?.cancel();
    parts.senders.close();
    context.emit(authorityEvents['controller-resigned'], [context.node, parts.state.epoch, reason]);
  }

  private eventFailed(thrown: unknown): void {
    if (thrown instanceof ControllerMoved) {
      const { context, parts } = this;
      if (parts !== null) {
        context.cause = context.emit(zookeeperModeEvents['controller-fenced'], [parts.state.epoch, thrown.path]);
      }
      this.resign(thrown.message);
      this.events.put({ run: () => this.reelect() });
      return;
    }
    if (!(thrown instanceof SessionLost)) throw thrown;
  }

  // ---- Balance

  private scheduleRebalance(delayMs: number): void {
    this.rebalanceTimer?.cancel();
    this.rebalanceTimer = this.context.after(delayMs * 1000, onRebalance, this);
  }

  rebalance(): void {
    this.context.cause = 0;
    this.whenActive(rebalanceLeaders);
    this.context.cause = 0;
    this.scheduleRebalance(this.options.settings.imbalanceCheckIntervalMs);
  }
}

const onGiveUp = (controller: Controller): void => controller.giveUp();
const onRebalance = (controller: Controller): void => controller.rebalance();

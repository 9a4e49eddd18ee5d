/**
 * What a controller's requests mean for one broker (ReplicaManager and KafkaApis of ZooKeeper mode): which it obeys, by the epochs of
 * controller, broker and leader, and what its replicas become. Decisions only read; `ReplicaRoles` is what they are made from.
 */
import {
  LeaderAndIsr,
  type LeaderAndIsrPartitionState,
  type LeaderAndIsrRequest,
  type LeaderAndIsrResponse,
} from '../../../protocol/apis/04-leader-and-isr.ts';
import {
  StopReplica,
  type StopReplicaRequest,
  type StopReplicaResponse,
} from '../../../protocol/apis/05-stop-replica.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { MetadataDelta, PartitionState } from '../../index.ts';
import { partitionState } from './metadata-cache.ts';

/** Leader epochs of a StopReplica that hold against any other: the topic is being deleted; the controller knows none. */
const EPOCH_DURING_DELETE = -2;
const NO_EPOCH = -1;

/** The replicas that this broker was told of since its process started. */
export interface ReplicaRole {
  readonly topicId: string;
  readonly leaderEpoch: number;
}

export class ReplicaRoles {
  /** The highest epoch of a controller that this broker obeyed. */
  controllerEpoch = 0;
  /** By partition name. */
  readonly roles = new Map<string, ReplicaRole>();
}

interface Sender {
  readonly controllerEpoch: number;
  /** The epoch of this broker, as the controller had it. */
  readonly brokerEpoch: number;
}

/** Why a request is refused as a whole, or NONE. An epoch of this broker that lies ahead is one that it will learn soon. */
export function requestError(request: Sender, roles: ReplicaRoles, ownEpoch: number): number {
  if (request.brokerEpoch < ownEpoch) return ErrorCode.STALE_BROKER_EPOCH;
  if (request.controllerEpoch < roles.controllerEpoch) return ErrorCode.STALE_CONTROLLER_EPOCH;
  return ErrorCode.NONE;
}

export type RoleChanges = Pick<MetadataDelta, 'deleted' | 'leaders' | 'followers' | 'stopped'>;

export interface Decided<Response> {
  readonly response: Response;
  readonly changes: RoleChanges;
}

export function decideLeaderAndIsr(
  request: LeaderAndIsrRequest,
  roles: ReplicaRoles,
  brokerId: number,
): Decided<LeaderAndIsrResponse> {
  const leaders: PartitionState[] = [];
  const followers: PartitionState[] = [];
  const topics = request.topicStates.map(({ topicName, topicId, partitionStates }) => ({
    topicId,
    partitionErrors: partitionStates.map((state) => {
      const errorCode = leaderAndIsrError(
        state,
        topicId,
        roles.roles.get(`${topicName}-${state.partitionIndex}`),
        brokerId,
      );
      if (errorCode === ErrorCode.NONE) {
        const { leader, leaderEpoch, isr, partitionEpoch, replicas, addingReplicas, removingReplicas } = state;
        const role = partitionState(topicName, topicId, state.partitionIndex, {
          leader,
          leaderEpoch,
          isr,
          partitionEpoch,
          replicas,
          addingReplicas,
          removingReplicas,
          recovering: state.leaderRecoveryState === 1,
        });
        (leader === brokerId ? leaders : followers).push(role);
      }
      return { partitionIndex: state.partitionIndex, errorCode };
    }),
  }));
  return {
    response: LeaderAndIsr.response.make({ topics }),
    changes: { deleted: [], leaders, followers, stopped: [] },
  };
}

function leaderAndIsrError(
  { leaderEpoch, replicas }: LeaderAndIsrPartitionState,
  topicId: string,
  role: ReplicaRole | undefined,
  brokerId: number,
): number {
  if (role !== undefined && role.topicId !== topicId) return ErrorCode.INCONSISTENT_TOPIC_ID;
  if (role !== undefined && leaderEpoch <= role.leaderEpoch) return ErrorCode.STALE_CONTROLLER_EPOCH;
  return replicas.includes(brokerId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
}

/** `topicIdOf` knows topics that this broker has no replica of any more. */
export function decideStopReplica(
  request: StopReplicaRequest,
  roles: ReplicaRoles,
  topicIdOf: (topic: string) => string,
): Decided<StopReplicaResponse> {
  const deleted: { name: string; topic: string; partition: number; topicId: string }[] = [];
  const stopped: { name: string; leaderEpoch: number }[] = [];
  const partitionErrors: { topicName: string; partitionIndex: number; errorCode: number }[] = [];
  for (const { topicName, partitionStates } of request.topicStates) {
    for (const { partitionIndex, leaderEpoch, deletePartition } of partitionStates) {
      const name = `${topicName}-${partitionIndex}`;
      const role = roles.roles.get(name);
      const wins =
        leaderEpoch === EPOCH_DURING_DELETE ||
        leaderEpoch === NO_EPOCH ||
        role === undefined ||
        leaderEpoch >= role.leaderEpoch;
      const errorCode = wins ? ErrorCode.NONE : ErrorCode.FENCED_LEADER_EPOCH;
      partitionErrors.push({ topicName, partitionIndex, errorCode });
      if (!wins) continue;
      const topicId = role?.topicId ?? topicIdOf(topicName);
      if (deletePartition) deleted.push({ name, topic: topicName, partition: partitionIndex, topicId });
      else if (role !== undefined) stopped.push({ name, leaderEpoch: role.leaderEpoch });
    }
  }
  return {
    response: StopReplica.response.make({ partitionErrors }),
    changes: { deleted, leaders: [], followers: [], stopped },
  };
}

/**
 * Remembers what was decided; the only writer of roles. A follower whose leader is not alive gets its log, but does not take the
 * epoch over: the controller will send the state again.
 */
export function applyChanges(
  roles: ReplicaRoles,
  { deleted, leaders, followers, stopped }: RoleChanges,
  isAlive: (brokerId: number) => boolean,
): void {
  for (const { name } of deleted) roles.roles.delete(name);
  for (const { name } of stopped) roles.roles.delete(name);
  for (const { name, topicId, leaderEpoch } of leaders) roles.roles.set(name, { topicId, leaderEpoch });
  for (const { name, topicId, leaderEpoch, leader } of followers) {
    const before = roles.roles.get(name)?.leaderEpoch ?? NO_EPOCH;
    roles.roles.set(name, { topicId, leaderEpoch: isAlive(leader) ? leaderEpoch : before });
  }
}

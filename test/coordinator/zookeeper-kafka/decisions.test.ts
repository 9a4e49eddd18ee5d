/** The controller's and the brokers' decisions, as tables: no network, no ZooKeeper. */
import { describe, expect, it } from 'vitest';
import { decideIsr } from '../../../src/coordinator/zookeeper/kafka/controller/alter-partition.ts';
import {
  elect,
  firstLeadership,
  type Strategy,
  withoutReplica,
} from '../../../src/coordinator/zookeeper/kafka/controller/election.ts';
import { toRebalance } from '../../../src/coordinator/zookeeper/kafka/controller/leader-elections.ts';
import {
  type ControlledPartition,
  ControllerState,
} from '../../../src/coordinator/zookeeper/kafka/controller/state.ts';
import {
  applyChanges,
  decideLeaderAndIsr,
  decideStopReplica,
  ReplicaRoles,
  requestError,
} from '../../../src/coordinator/zookeeper/kafka/state-changes.ts';
import {
  decodeBroker,
  decodeConfig,
  decodeController,
  decodeProducerIds,
  decodeState,
  decodeTopic,
  encodeBroker,
  encodeConfig,
  encodeController,
  encodeProducerIds,
  encodeState,
  encodeTopic,
  fromBytes,
  parseEntityPath,
} from '../../../src/coordinator/zookeeper/kafka/znodes.ts';
import { LeaderAndIsr } from '../../../src/protocol/apis/04-leader-and-isr.ts';
import { StopReplica } from '../../../src/protocol/apis/05-stop-replica.ts';
import { ErrorCode } from '../../../src/protocol/errors.ts';
import { identityOf } from '../../helpers/identity.ts';

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAABA';

function partitionOf(replicas: readonly number[], change: Partial<ControlledPartition> = {}): ControlledPartition {
  return {
    topic: 'orders',
    topicId: TOPIC_ID,
    partition: 0,
    name: 'orders-0',
    replicas,
    adding: [],
    removing: [],
    phase: 'online',
    leadership: null,
    replicaPhases: new Map(),
    ...change,
  };
}

const leadership = (leader: number, isr: readonly number[], recovering = false) => ({
  controllerEpoch: 1,
  leader,
  leaderEpoch: 5,
  isr,
  recovering,
});

/** `dead` are not registered, `leaving` are shutting down. */
const liveness = (dead: readonly number[], leaving: readonly number[] = []) => ({
  isOnline: (id: number) => !dead.includes(id) && !leaving.includes(id),
  isAlive: (id: number) => !dead.includes(id),
});

const offline: Strategy = { kind: 'offline', unclean: false };
const unclean: Strategy = { kind: 'offline', unclean: true };
const preferred: Strategy = { kind: 'preferred' };
const leaving: Strategy = { kind: 'controlled-shutdown' };
const reassign: Strategy = { kind: 'reassign' };

describe('elections', () => {
  it.each([
    {
      what: 'first live ISR member in the order of the assignment',
      strategy: offline,
      isr: [3, 2, 1],
      dead: [1],
      leader: 2,
      newIsr: [3, 2],
      told: [2, 3],
    },
    {
      what: 'not the first live replica, if it is out of sync',
      strategy: offline,
      isr: [1, 3],
      dead: [1],
      leader: 3,
      newIsr: [3],
      told: [2, 3],
    },
    {
      what: 'nobody, without a live ISR member',
      strategy: offline,
      isr: [1],
      dead: [1],
      leader: null,
      newIsr: [],
      told: [],
    },
    {
      what: 'unclean: the first live replica, alone in the ISR',
      strategy: unclean,
      isr: [1],
      dead: [1],
      leader: 2,
      newIsr: [2],
      told: [2, 3],
    },
    {
      what: 'unclean is not used while the ISR has somebody',
      strategy: unclean,
      isr: [1, 3],
      dead: [1],
      leader: 3,
      newIsr: [3],
      told: [2, 3],
    },
    {
      what: 'preferred: the first of the assignment',
      strategy: preferred,
      isr: [2, 3, 1],
      dead: [],
      leader: 1,
      newIsr: [2, 3, 1],
      told: [1, 2, 3],
    },
    {
      what: 'preferred: not if it is out of sync',
      strategy: preferred,
      isr: [2, 3],
      dead: [],
      leader: null,
      newIsr: [],
      told: [],
    },
    {
      what: 'preferred: not if it is dead',
      strategy: preferred,
      isr: [1, 2],
      dead: [1],
      leader: null,
      newIsr: [],
      told: [],
    },
  ])('$what', ({ strategy, isr, dead, leader, newIsr, told }) => {
    const context = { liveness: liveness(dead), controllerEpoch: 9 };
    const elected = elect(partitionOf([1, 2, 3]), leadership(1, isr), strategy, context);
    if (leader === null) {
      expect(elected).toBeNull();
      return;
    }
    expect(elected!.leadership).toMatchObject({ leader, isr: newIsr, leaderEpoch: 6, controllerEpoch: 9 });
    expect(elected!.leadership.recovering).toBe(!isr.includes(leader));
    expect(elected!.recipients).toEqual(told);
  });

  it('of a controlled shutdown leave out who is leaving, and tell all that live', () => {
    const context = { liveness: liveness([], [1]), controllerEpoch: 9 };
    const elected = elect(partitionOf([1, 2, 3]), leadership(1, [1, 2, 3]), leaving, context);
    expect(elected).toMatchObject({ leadership: { leader: 2, isr: [2, 3] }, recipients: [1, 2, 3] });
    expect(elect(partitionOf([1, 2, 3]), leadership(1, [1]), leaving, context)).toBeNull();
  });

  it('of a reassignment look among the target alone', () => {
    const context = { liveness: liveness([]), controllerEpoch: 9 };
    const moving = partitionOf([3, 2, 1], { adding: [3], removing: [1] });
    expect(elect(moving, leadership(1, [1, 2, 3]), reassign, context)).toMatchObject({
      leadership: { leader: 3, isr: [1, 2, 3] },
      recipients: [3, 2],
    });
  });

  it('begin with all live replicas', () => {
    expect(firstLeadership([1, 2, 3], liveness([1]), 4)).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 0 });
    expect(firstLeadership([1], liveness([1]), 4)).toBeNull();
  });

  it.each([
    { isr: [1, 2], gone: 2, leader: 1, after: [1] },
    { isr: [1, 2], gone: 1, leader: -1, after: [2] },
    { isr: [1], gone: 1, leader: -1, after: [1] },
  ])('lose $gone of $isr', ({ isr, gone, leader, after }) => {
    expect(withoutReplica(leadership(1, isr), gone, 9)).toMatchObject({ leader, isr: after, leaderEpoch: 6 });
  });

  it('lose nobody who was not in sync', () => {
    expect(withoutReplica(leadership(1, [1, 2]), 3, 9)).toBeNull();
  });
});

describe('ISR proposals', () => {
  const state = { epoch: 9, isOnline: (id: number) => id <= 3 };
  const known = { ...leadership(1, [1, 2]), partitionEpoch: 7 };
  const wish = (
    isr: readonly number[],
    change: { leaderEpoch?: number; partitionEpoch?: number; recovery?: number } = {},
  ) => ({
    partitionIndex: 0,
    leaderEpoch: change.leaderEpoch ?? 5,
    partitionEpoch: change.partitionEpoch ?? 7,
    newIsr: [],
    newIsrWithEpochs: isr.map((brokerId) => ({ brokerId, brokerEpoch: -1 })),
    leaderRecoveryState: change.recovery ?? 0,
  });

  it.each([
    ['a leader epoch ahead of the controller', wish([1], { leaderEpoch: 6 }), ErrorCode.NOT_CONTROLLER],
    ['a partition epoch ahead of the controller', wish([1], { partitionEpoch: 8 }), ErrorCode.NOT_CONTROLLER],
    ['an old leader epoch', wish([1], { leaderEpoch: 4 }), ErrorCode.FENCED_LEADER_EPOCH],
    ['an old leader epoch, even with what stands', wish([1, 2], { leaderEpoch: 4 }), ErrorCode.FENCED_LEADER_EPOCH],
    ['an old partition epoch', wish([1], { partitionEpoch: 6 }), ErrorCode.INVALID_UPDATE_VERSION],
    ['a recovery that nobody began', wish([1], { recovery: 1 }), ErrorCode.INVALID_REQUEST],
    ['a dead member', wish([1, 2, 4]), ErrorCode.INELIGIBLE_REPLICA],
  ])('with %s are refused', (_, proposal, error) => {
    expect(decideIsr(state, { leadership: known }, proposal)).toEqual({ kind: 'refuse', error });
  });

  it('of an unknown partition are refused', () => {
    const error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    expect(decideIsr(state, undefined, wish([1]))).toEqual({ kind: 'refuse', error });
    expect(decideIsr(state, { leadership: null }, wish([1]))).toEqual({ kind: 'refuse', error });
  });

  it('that ask for what stands succeed, also when they come again after they were carried out', () => {
    const stands = { kind: 'stands', leadership: known };
    expect(decideIsr(state, { leadership: known }, wish([2, 1], { partitionEpoch: 6 }))).toEqual(stands);
  });

  it('that are good become a write over the version that the leader knew, without a new leader epoch', () => {
    expect(decideIsr(state, { leadership: known }, wish([1, 2, 3]))).toEqual({
      kind: 'write',
      expectedVersion: 7,
      leadership: { controllerEpoch: 9, leader: 1, leaderEpoch: 5, isr: [1, 2, 3], recovering: false },
    });
  });

  it('end a recovery', () => {
    const recovering = { ...known, isr: [1], recovering: true };
    expect(decideIsr(state, { leadership: recovering }, wish([1]))).toMatchObject({
      kind: 'write',
      leadership: { recovering: false, isr: [1] },
    });
    const two = decideIsr(state, { leadership: recovering }, wish([1, 2], { recovery: 1 }));
    expect(two).toEqual({ kind: 'refuse', error: ErrorCode.INVALID_REQUEST });
  });
});

describe('the balance of leaders', () => {
  function stateWith(leaders: readonly (readonly [preferred: number, leader: number])[]): ControllerState {
    const state = new ControllerState(1, 1);
    for (const id of [1, 2]) {
      state.brokers.set(id, { id, node: '', endpoints: [], rack: null, epoch: id });
    }
    const topic = { name: 'orders', id: TOPIC_ID, partitions: new Map() };
    state.topics.set('orders', topic);
    leaders.forEach(([first, leader], i) => {
      const partition = state.addPartition(topic, i, { replicas: [first, 3 - first], adding: [], removing: [] });
      partition.leadership = { ...leadership(leader, [1, 2]), partitionEpoch: 0 };
    });
    return state;
  }
  const nine = Array.from({ length: 9 }, () => [1, 1] as const);

  it('is let be up to the limit, and restored beyond it', () => {
    expect(toRebalance(stateWith([...nine, [1, 2]]), 10)).toEqual([]);
    const beyond = stateWith([...nine.slice(1), [1, 2]]);
    expect(toRebalance(beyond, 10).map(({ name }) => name)).toEqual(['orders-8']);
  });

  it('is not restored to who is away or out of sync', () => {
    const away = stateWith([[1, 2]]);
    away.shuttingDown.add(1);
    expect(toRebalance(away, 10)).toEqual([]);
    const behind = stateWith([[1, 2]]);
    behind.partition('orders', 0)!.leadership = { ...leadership(2, [2]), partitionEpoch: 0 };
    expect(toRebalance(behind, 10)).toEqual([]);
  });
});

describe('a broker', () => {
  const roles = (): ReplicaRoles => {
    const some = new ReplicaRoles();
    some.controllerEpoch = 3;
    some.roles.set('orders-0', { topicId: TOPIC_ID, leaderEpoch: 5 });
    return some;
  };
  const leaderAndIsr = (change: { leaderEpoch?: number; topicId?: string; replicas?: number[]; leader?: number }) =>
    LeaderAndIsr.request.make({
      controllerId: 1,
      controllerEpoch: 3,
      topicStates: [
        {
          topicName: 'orders',
          topicId: change.topicId ?? TOPIC_ID,
          partitionStates: [
            {
              partitionIndex: 0,
              leader: change.leader ?? 2,
              leaderEpoch: change.leaderEpoch ?? 6,
              isr: [1, 2],
              replicas: change.replicas ?? [1, 2],
              partitionEpoch: 9,
            },
          ],
        },
      ],
    });

  it.each([
    {
      what: 'an old controller',
      request: { controllerEpoch: 2, brokerEpoch: 10 },
      error: ErrorCode.STALE_CONTROLLER_EPOCH,
    },
    {
      what: 'who means its former self',
      request: { controllerEpoch: 3, brokerEpoch: 9 },
      error: ErrorCode.STALE_BROKER_EPOCH,
    },
    { what: 'nobody else', request: { controllerEpoch: 3, brokerEpoch: 10 }, error: ErrorCode.NONE },
    {
      what: 'not who knows its next epoch before it does',
      request: { controllerEpoch: 4, brokerEpoch: 11 },
      error: ErrorCode.NONE,
    },
  ])('refuses $what', ({ request, error }) => {
    expect(requestError(request, roles(), 10)).toBe(error);
  });

  it.each([
    { what: 'an equal leader epoch', change: { leaderEpoch: 5 }, error: ErrorCode.STALE_CONTROLLER_EPOCH },
    { what: 'an older leader epoch', change: { leaderEpoch: 4 }, error: ErrorCode.STALE_CONTROLLER_EPOCH },
    {
      what: 'another topic of this name',
      change: { topicId: 'AAAAAAAAAAAAAAAAAAAABQ' },
      error: ErrorCode.INCONSISTENT_TOPIC_ID,
    },
    {
      what: 'a partition that is not its own',
      change: { replicas: [2, 3] },
      error: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    },
  ])('takes no role with $what', ({ change, error }) => {
    const { response, changes } = decideLeaderAndIsr(leaderAndIsr(change), roles(), 1);
    expect(response.topics[0]!.partitionErrors).toEqual([{ topicName: '', partitionIndex: 0, errorCode: error }]);
    expect(changes).toMatchObject({ leaders: [], followers: [] });
  });

  it('leads or follows as it is told, and remembers the epoch, unless it would follow the dead', () => {
    const lead = decideLeaderAndIsr(leaderAndIsr({ leader: 1 }), roles(), 1).changes;
    expect(lead.leaders).toMatchObject([{ name: 'orders-0', leader: 1, leaderEpoch: 6, partitionEpoch: 9 }]);
    const some = roles();
    const follow = decideLeaderAndIsr(leaderAndIsr({ leader: 2 }), some, 1).changes;
    expect(follow.followers).toMatchObject([{ name: 'orders-0', leader: 2 }]);
    applyChanges(some, follow, () => false);
    expect(some.roles.get('orders-0')!.leaderEpoch).toBe(5);
    applyChanges(some, follow, () => true);
    expect(some.roles.get('orders-0')!.leaderEpoch).toBe(6);
  });

  it.each([
    { leaderEpoch: 4, deletePartition: true, error: ErrorCode.FENCED_LEADER_EPOCH, deleted: 0, stopped: 0 },
    { leaderEpoch: 5, deletePartition: true, error: ErrorCode.NONE, deleted: 1, stopped: 0 },
    { leaderEpoch: -2, deletePartition: true, error: ErrorCode.NONE, deleted: 1, stopped: 0 },
    { leaderEpoch: -1, deletePartition: false, error: ErrorCode.NONE, deleted: 0, stopped: 1 },
  ])('stops a replica by leader epoch $leaderEpoch: $error', ({ error, deleted, stopped, ...state }) => {
    const partitionStates = [{ partitionIndex: 0, ...state }];
    const request = StopReplica.request.make({ topicStates: [{ topicName: 'orders', partitionStates }] });
    const { response, changes } = decideStopReplica(request, roles(), () => TOPIC_ID);
    expect(response.partitionErrors[0]!.errorCode).toBe(error);
    expect(changes.deleted).toHaveLength(deleted);
    expect(changes.stopped).toHaveLength(stopped);
  });
});

describe('znodes', () => {
  it('are written as Kafka writes them', () => {
    expect(fromBytes(encodeState(leadership(1, [1, 2])))).toBe(
      '{"controller_epoch":1,"leader":1,"version":1,"leader_epoch":5,"isr":[1,2]}',
    );
    expect(fromBytes(encodeState(leadership(1, [1], true)))).toContain('"leader_recovery_state":1');
    expect(fromBytes(encodeController(2, 1_700_000_000_000))).toBe(
      '{"version":2,"brokerid":2,"timestamp":"1700000000000","kraftControllerEpoch":-1}',
    );
    expect(fromBytes(encodeProducerIds({ broker: 1, first: 0, last: 999 }))).toBe(
      '{"version":1,"broker":1,"block_start":"0","block_end":"999"}',
    );
    expect(fromBytes(encodeConfig(new Map([['retention.ms', '1000']])))).toBe(
      '{"version":1,"config":{"retention.ms":"1000"}}',
    );
    const partitions = new Map([[0, { replicas: [1, 2, 3], adding: [], removing: [] }]]);
    expect(fromBytes(encodeTopic({ topicId: TOPIC_ID, partitions }))).toBe(
      `{"removing_replicas":{},"partitions":{"0":[1,2,3]},"topic_id":"${TOPIC_ID}","adding_replicas":{},"version":3}`,
    );
  });

  it('are read back, in whatever order their fields come', () => {
    const state = leadership(1, [2, 1], true);
    expect(decodeState(encodeState(state))).toEqual(state);
    expect(decodeController(encodeController(7, 0))).toBe(7);
    const identity = identityOf(3, 'localhost', 9094, 'r1');
    expect(decodeBroker(3, encodeBroker(identity, { internalPort: '9091', wallMs: 0 }))).toEqual(identity);
    const partitions = new Map([
      [10, { replicas: [3, 2, 1], adding: [3], removing: [1] }],
      [2, { replicas: [1], adding: [], removing: [] }],
    ]);
    const topic = decodeTopic(encodeTopic({ topicId: TOPIC_ID, partitions }))!;
    expect([...topic.partitions.keys()]).toEqual([2, 10]);
    expect(topic.partitions.get(10)).toEqual(partitions.get(10));
    expect(decodeProducerIds(null)).toBeUndefined();
    expect(decodeConfig(encodeConfig(new Map([['a', 'b']])))).toEqual(new Map([['a', 'b']]));
  });

  it('may hold what a person wrote into them', () => {
    const bytes = new TextEncoder().encode('not JSON');
    expect(decodeState(bytes)).toBeUndefined();
    expect(decodeTopic(bytes)).toBeUndefined();
    expect(decodeBroker(1, bytes)).toBeUndefined();
    expect(decodeController(bytes)).toBe(-1);
    expect(decodeConfig(bytes)).toEqual(new Map());
  });

  it.each([
    ['topics/orders', { type: 'topic', name: 'orders' }],
    ['brokers/1', { type: 'broker', name: '1' }],
    ['brokers/<default>', { type: 'broker', name: '' }],
    ['users/alice', undefined],
  ])('name settings by %s', (path, resource) => {
    expect(parseEntityPath(path)).toEqual(resource);
  });
});

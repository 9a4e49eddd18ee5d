import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FEATURES } from '../../../../src/coordinator/features.ts';
import type { PartitionState } from '../../../../src/coordinator/index.ts';
import { decideAlterPartition } from '../../../../src/coordinator/kraft/controller/alter-partition.ts';
import {
  decideElectLeaders,
  decidePreferredSweep,
} from '../../../../src/coordinator/kraft/controller/elect-leaders.ts';
import { buildPartitionChange } from '../../../../src/coordinator/kraft/controller/partition-change.ts';
import { decideListReassignments, decideReassign } from '../../../../src/coordinator/kraft/controller/reassign.ts';
import { decideUnregister } from '../../../../src/coordinator/kraft/controller/unregister-broker.ts';
import { merge } from '../../../../src/coordinator/kraft/metadata/apply.ts';
import { ElectLeaders } from '../../../../src/protocol/apis/43-elect-leaders.ts';
import { AlterPartitionReassignments } from '../../../../src/protocol/apis/45-alter-partition-reassignments.ts';
import { ListPartitionReassignments } from '../../../../src/protocol/apis/46-list-partition-reassignments.ts';
import { AlterPartition } from '../../../../src/protocol/apis/56-alter-partition.ts';
import { UnregisterBroker } from '../../../../src/protocol/apis/64-unregister-broker.ts';
import { errorName } from '../../../../src/protocol/errors.ts';
import { ControllerStage } from './stage.ts';

interface Proposal {
  sender?: number;
  leaderEpoch?: number;
  partitionEpoch?: number;
  isr?: readonly number[];
  epochs?: (brokerId: number) => number;
  leaderRecoveryState?: number;
}

function propose(stage: ControllerStage, proposal: Proposal) {
  const before = stage.partition();
  const sender = proposal.sender ?? before.leader;
  const isr = proposal.isr ?? before.isr;
  const epochs = proposal.epochs ?? ((id: number) => stage.epochOf(id));
  const request = AlterPartition.request.make({
    brokerId: sender,
    brokerEpoch: stage.epochOf(sender),
    topics: [
      {
        topicId: before.topicId,
        partitions: [
          {
            partitionIndex: 0,
            leaderEpoch: proposal.leaderEpoch ?? before.leaderEpoch,
            partitionEpoch: proposal.partitionEpoch ?? before.partitionEpoch,
            newIsrWithEpochs: isr.map((brokerId) => ({ brokerId, brokerEpoch: epochs(brokerId) })),
            leaderRecoveryState: proposal.leaderRecoveryState ?? 0,
          },
        ],
      },
    ],
  });
  const response = stage.carryOut(decideAlterPartition(stage.state, request));
  return errorName(response.errorCode || response.topics[0]!.partitions[0]!.errorCode);
}

describe('a broker that falls', () => {
  test('is taken out of every ISR, and the first of the others in order of assignment leads', () => {
    const stage = new ControllerStage().serve(1, 2, 3).orders([1, 3, 2], [2, 1, 3]);
    stage.fence(1);
    expect(stage.line(0)).toBe('leader=3 isr=[3,2] le=1 pe=1');
    // No new leader: the leader epoch stays.
    expect(stage.line(1)).toBe('leader=2 isr=[2,3] le=0 pe=1');
  });

  test('stays in the ISR as its last member, without a leader, and leads again when it is back', () => {
    const stage = new ControllerStage().serve(1, 2).orders([1, 2]);
    stage.fence(2);
    stage.fence(1);
    expect(stage.line()).toBe('leader=-1 isr=[1] le=1 pe=2');
    stage.register(2);
    stage.heartbeat(2);
    expect(stage.line()).toBe('leader=-1 isr=[1] le=1 pe=2');
    stage.register(1);
    stage.heartbeat(1);
    expect(stage.line()).toBe('leader=1 isr=[1] le=2 pe=3');
  });

  test('is followed by one outside the ISR if the topic allows it, and then it has to recover', () => {
    const stage = new ControllerStage({ uncleanLeaderElection: true }).serve(1, 2, 3).orders([1, 2, 3]);
    expect(propose(stage, { isr: [1] })).toBe('NONE');
    stage.fence(1);
    expect(stage.line()).toBe('leader=2 isr=[2] le=1 pe=2 recovering');
    expect(propose(stage, { isr: [2, 3], leaderRecoveryState: 1 })).toBe('INVALID_REQUEST');
    expect(propose(stage, { isr: [2, 3] })).toBe('NONE');
    expect(stage.line()).toBe('leader=2 isr=[2,3] le=1 pe=3');
  });
});

test('eligible leader replicas keep what is committed electable (KIP-966)', () => {
  const stage = new ControllerStage({ features: FEATURES['4.2'], minInsyncReplicas: 2 })
    .serve(1, 2, 3)
    .orders([1, 2, 3]);
  stage.fence(2);
  expect(stage.line()).toBe('leader=1 isr=[1,3] le=0 pe=1');
  stage.fence(3);
  expect(stage.line()).toBe('leader=1 isr=[1] elr=[3] le=0 pe=2');
  stage.fence(1);
  expect(stage.line()).toBe('leader=-1 isr=[] elr=[3,1] le=1 pe=3');
  // It stopped cleanly: the epoch that it names is the one that the controller knows.
  stage.register(3, { previousBrokerEpoch: stage.epochOf(3) });
  stage.heartbeat(3);
  expect(stage.line()).toBe('leader=3 isr=[3] elr=[1] le=2 pe=4');
  // This one did not: it may lack what it had acknowledged.
  stage.register(1);
  stage.heartbeat(1);
  expect(stage.line()).toBe('leader=3 isr=[3] le=2 pe=5');
  expect(propose(stage, { isr: [3, 1] })).toBe('NONE');
  expect(stage.line()).toBe('leader=3 isr=[3,1] le=2 pe=6');
});

describe('AlterPartition', () => {
  const cases: [string, (stage: ControllerStage) => Proposal, string][] = [
    ['a smaller ISR', () => ({ isr: [2] }), 'NONE'],
    ['a leader epoch from the future', () => ({ leaderEpoch: 9 }), 'NOT_CONTROLLER'],
    ['a partition epoch from the future', () => ({ partitionEpoch: 99 }), 'NOT_CONTROLLER'],
    ['an old leader epoch, whoever sends it', () => ({ leaderEpoch: 0, sender: 3 }), 'FENCED_LEADER_EPOCH'],
    ['a sender that does not lead', () => ({ sender: 3 }), 'INVALID_REQUEST'],
    ['an old partition epoch', () => ({ partitionEpoch: 0 }), 'INVALID_UPDATE_VERSION'],
    ['an old partition epoch and an empty ISR', () => ({ partitionEpoch: 0, isr: [] }), 'INVALID_UPDATE_VERSION'],
    ['an empty ISR', () => ({ isr: [] }), 'INVALID_REQUEST'],
    ['an ISR without its leader', () => ({ isr: [3] }), 'INVALID_REQUEST'],
    ['a member twice', () => ({ isr: [2, 3, 3] }), 'INVALID_REQUEST'],
    ['a stranger', () => ({ isr: [2, 4] }), 'INVALID_REQUEST'],
    ['recovering without need', () => ({ isr: [2], leaderRecoveryState: 1 }), 'INVALID_REQUEST'],
    ['a fenced member', () => ({ isr: [2, 1] }), 'INELIGIBLE_REPLICA'],
    ['a member in another life', () => ({ isr: [2, 3], epochs: (id) => (id === 3 ? 1 : -1) }), 'INELIGIBLE_REPLICA'],
    ['members whose lives are not known', () => ({ isr: [2, 3], epochs: () => -1 }), 'NONE'],
  ];

  test.each(cases)('%s', (_name, proposalOf, error) => {
    // Broker 2 leads in leader epoch 1 and partition epoch 1; broker 1 is fenced.
    const stage = new ControllerStage().serve(1, 2, 3, 4).orders([1, 2, 3]);
    stage.fence(1);
    expect(propose(stage, proposalOf(stage))).toBe(error);
  });

  test('answers what the partition has become, and writes nothing for what is so already', () => {
    const stage = new ControllerStage().serve(1, 2, 3).orders([1, 2, 3]);
    expect(propose(stage, { isr: [1, 2] })).toBe('NONE');
    expect(stage.line()).toBe('leader=1 isr=[1,2] le=0 pe=1');
    const { nextOffset } = stage.state;
    expect(propose(stage, { isr: [1, 2] })).toBe('NONE');
    expect(stage.state.nextOffset).toBe(nextOffset);
  });
});

describe('ElectLeaders', () => {
  const elect = (stage: ControllerStage, electionType: number, partitions: number[] | null) => {
    const topicPartitions = partitions === null ? null : [{ topic: 'orders', partitions }];
    const request = ElectLeaders.request.make({ electionType, topicPartitions });
    const response = stage.carryOut(decideElectLeaders(stage.state, request));
    return response.replicaElectionResults.flatMap(({ partitionResult }) =>
      partitionResult.map(({ partitionId, errorCode }) => `${partitionId} ${errorName(errorCode)}`),
    );
  };

  test('gives leadership back to the preferred replica once it is in sync', () => {
    const stage = new ControllerStage().serve(1, 2).orders([1, 2], [2, 1]);
    stage.fence(1);
    stage.register(1);
    stage.heartbeat(1);
    expect(elect(stage, 0, [0, 1, 7])).toEqual([
      '0 PREFERRED_LEADER_NOT_AVAILABLE',
      '1 ELECTION_NOT_NEEDED',
      '7 UNKNOWN_TOPIC_OR_PARTITION',
    ]);
    expect(propose(stage, { isr: [2, 1] })).toBe('NONE');
    expect(stage.carryOut(decidePreferredSweep(stage.state))).toBeNull();
    expect(stage.line(0)).toBe('leader=1 isr=[2,1] le=2 pe=3');
  });

  test('elects uncleanly when asked, whatever the topic says', () => {
    const stage = new ControllerStage().serve(1, 2).orders([1, 2]);
    propose(stage, { isr: [1] });
    expect(elect(stage, 1, null)).toEqual([]);
    stage.fence(1);
    expect(stage.line()).toBe('leader=-1 isr=[1] le=1 pe=2');
    expect(elect(stage, 1, null)).toEqual(['0 NONE']);
    expect(stage.line()).toBe('leader=2 isr=[2] le=2 pe=3 recovering');
  });
});

describe('a reassignment', () => {
  const reassign = (stage: ControllerStage, replicas: number[] | null, allowReplicationFactorChange = true) => {
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas }] }];
    const request = AlterPartitionReassignments.request.make({ allowReplicationFactorChange, topics });
    const { responses } = stage.carryOut(decideReassign(stage.state, request));
    return errorName(responses[0]!.partitions[0]!.errorCode);
  };
  const moving = (stage: ControllerStage) => {
    const request = ListPartitionReassignments.request.make({});
    const { topics } = stage.carryOut(decideListReassignments(stage.state, request));
    return topics.flatMap(({ partitions }) =>
      partitions.map((one) => `[${one.replicas}] +[${one.addingReplicas}] -[${one.removingReplicas}]`),
    );
  };

  test('keeps the old replicas until every new one is in sync; the leader moves with the last step', () => {
    const stage = new ControllerStage().serve(1, 2, 3, 4).orders([1, 2]);
    expect(reassign(stage, [3, 4])).toBe('NONE');
    expect(moving(stage)).toEqual(['[3,4,1,2] +[3,4] -[1,2]']);
    expect(stage.line()).toBe('leader=1 isr=[1,2] le=0 pe=1');
    expect(propose(stage, { isr: [1, 2, 3] })).toBe('NONE');
    expect(propose(stage, { isr: [1, 2, 3, 4] })).toBe('NEW_LEADER_ELECTED');
    expect(stage.line()).toBe('leader=3 isr=[3,4] le=1 pe=3');
    expect(stage.partition().replicas).toEqual([3, 4]);
    expect(moving(stage)).toEqual([]);
  });

  test('can be called off, and asks for what exists', () => {
    const stage = new ControllerStage().serve(1, 2, 3).orders([1, 2]);
    expect(reassign(stage, null)).toBe('NO_REASSIGNMENT_IN_PROGRESS');
    expect(reassign(stage, [1, 9])).toBe('INVALID_REPLICA_ASSIGNMENT');
    expect(reassign(stage, [1, 1])).toBe('INVALID_REPLICA_ASSIGNMENT');
    expect(reassign(stage, [1, 2, 3], false)).toBe('INVALID_REPLICATION_FACTOR');
    expect(reassign(stage, [3, 2])).toBe('NONE');
    expect(propose(stage, { isr: [1] })).toBe('NONE');
    expect(reassign(stage, null)).toBe('NONE');
    expect(stage.partition()).toMatchObject({ replicas: [2, 1], isr: [1], addingReplicas: [], removingReplicas: [] });
  });

  test('that only changes the order is done at once', () => {
    const stage = new ControllerStage().serve(1, 2).orders([1, 2]);
    expect(reassign(stage, [2, 1])).toBe('NONE');
    expect(moving(stage)).toEqual([]);
    expect(stage.line()).toBe('leader=1 isr=[1,2] le=0 pe=1');
    expect(stage.carryOut(decidePreferredSweep(stage.state))).toBeNull();
    expect(stage.line()).toBe('leader=2 isr=[1,2] le=1 pe=2');
  });
});

test('an unregistered broker is forgotten', () => {
  const stage = new ControllerStage().serve(1, 2).orders([1, 2]);
  stage.fence(1);
  const unregister = () =>
    stage.carryOut(decideUnregister(stage.state, UnregisterBroker.request.make({ brokerId: 1 })));
  expect(errorName(unregister().errorCode)).toBe('NONE');
  expect(stage.state.metadata.brokers.has(1)).toBe(false);
  expect(errorName(unregister().errorCode)).toBe('BROKER_ID_NOT_REGISTERED');
});

test('no change of a partition breaks what holds of partitions', () => {
  const ids = [1, 2, 3, 4];
  const subset = fc.subarray(ids);
  const states = fc
    .record({
      replicas: fc.shuffledSubarray(ids, { minLength: 1 }),
      isr: subset,
      elr: subset,
      live: subset,
      elrOn: fc.boolean(),
    })
    .map(({ replicas, isr, elr, live, elrOn }) => {
      const inSync = replicas.filter((id) => isr.includes(id));
      const isrNow = inSync.length > 0 || elrOn ? inSync : [replicas[0]!];
      const elrNow =
        elrOn && isrNow.length < 2 ? replicas.filter((id) => elr.includes(id) && !isrNow.includes(id)) : [];
      const leader = isrNow.find((id) => live.includes(id)) ?? -1;
      const state: PartitionState = {
        topic: 't',
        topicId: 'T',
        partition: 0,
        name: 't-0',
        replicas,
        addingReplicas: [],
        removingReplicas: [],
        isr: isrNow,
        elr: elrNow,
        lastKnownElr: [],
        leader,
        leaderEpoch: 5,
        partitionEpoch: 9,
        recovering: false,
      };
      return { state, elrOn };
    });
  const changes = fc.record({
    election: fc.constantFrom('online' as const, 'unclean' as const, 'preferred' as const),
    keep: subset,
    alive: subset,
    lost: fc.subarray(ids, { maxLength: 1 }),
  });
  fc.assert(
    fc.property(states, changes, ({ state, elrOn }, { election, keep, alive, lost }) => {
      const minIsr = Math.min(2, state.replicas.length);
      const rules = { isAcceptable: (id: number) => alive.includes(id), elrEnabled: elrOn, minIsr };
      // A leader that is alive never leaves the ISR.
      const isr = state.isr.filter((id) => keep.includes(id) || (id === state.leader && alive.includes(id)));
      const record = buildPartitionChange(
        state,
        { election, isr, uncleanShutdown: elrOn ? lost.filter((id) => !alive.includes(id)) : [] },
        rules,
      );
      const after = record === null ? state : merge(state, record);
      expect(after.leader === -1 || after.isr.includes(after.leader)).toBe(true);
      expect(after.isr.every((id) => after.replicas.includes(id))).toBe(true);
      expect(after.elr.every((id) => after.replicas.includes(id) && !after.isr.includes(id))).toBe(true);
      if (!elrOn) expect(after.isr.length).toBeGreaterThan(0);
      if (after.isr.length >= minIsr) expect(after.elr).toEqual([]);
      expect(after.partitionEpoch).toBe(9 + (record === null ? 0 : 1));
      expect(after.leaderEpoch).toBe(5 + (after.leader === state.leader ? 0 : 1));
      // Only an unclean election makes somebody leader who was neither in sync nor eligible.
      const clean = [...state.isr, ...state.elr];
      if (after.leader >= 0 && !clean.includes(after.leader)) expect(after.recovering).toBe(true);
      if (after.recovering) expect(election).toBe('unclean');
    }),
    { numRuns: 3000 },
  );
});

/** Who leads and who follows: what brokers and controllers tell each other about partitions. */
import { LeaderAndIsr } from '../../../protocol/apis/04-leader-and-isr.ts';
import { StopReplica } from '../../../protocol/apis/05-stop-replica.ts';
import { UpdateMetadata } from '../../../protocol/apis/06-update-metadata.ts';
import { ControlledShutdown } from '../../../protocol/apis/07-controlled-shutdown.ts';
import { ElectLeaders } from '../../../protocol/apis/43-elect-leaders.ts';
import { AlterPartition } from '../../../protocol/apis/56-alter-partition.ts';
import { type Describer, describes, failed, more, outcome, partitionText, plural, results, some } from './describe.ts';

const alterPartition = describes(AlterPartition, {
  request({ brokerId, topics }, names) {
    const each = topics.flatMap(({ topicName, topicId, partitions }) =>
      partitions.map(({ partitionIndex, newIsr, newIsrWithEpochs, leaderEpoch }) => {
        const isr = newIsrWithEpochs.length > 0 ? newIsrWithEpochs.map((replica) => replica.brokerId) : newIsr;
        return `${partitionText(topicName, topicId, partitionIndex, names)} ISR=[${isr.join(',')}] epoch=${leaderEpoch}`;
      }),
    );
    return { text: `${each[0] ?? `broker=${brokerId}`}${more(each.length)}` };
  },
  response({ errorCode, topics }, names) {
    if (errorCode !== 0) return failed(errorCode);
    const each = topics.flatMap(({ topicName, topicId, partitions }) =>
      partitions.map((partition) => ({
        what: partitionText(topicName, topicId, partition.partitionIndex, names),
        error: partition.errorCode,
        isr: partition.isr,
      })),
    );
    return results(each, () =>
      each[0] === undefined ? '' : `${each[0].what} ISR=[${each[0].isr.join(',')}]${more(each.length)}`,
    );
  },
});

interface PartitionState {
  readonly partitionIndex: number;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
}

interface TopicState {
  readonly topicName: string;
  readonly partitionStates: readonly PartitionState[];
}

function stateText({ topicStates }: { readonly topicStates: readonly TopicState[] }): string {
  let count = 0;
  let text = '';
  for (const { topicName, partitionStates } of topicStates)
    for (const { partitionIndex, leader, leaderEpoch, isr } of partitionStates) {
      count += 1;
      if (count === 1)
        text = `${topicName}-${partitionIndex} leader=${leader} epoch=${leaderEpoch} ISR=[${isr.join(',')}]`;
    }
  return `${text}${more(count)}`;
}

const leaderAndIsr = describes(LeaderAndIsr, {
  request: (body) => ({ text: `${stateText(body)} controllerEpoch=${body.controllerEpoch}`.trimStart() }),
  response({ errorCode, partitionErrors, topics }, names) {
    if (errorCode !== 0) return failed(errorCode);
    const each = [
      ...partitionErrors.map((partition) => ({ ...partition, topicId: '' })),
      ...topics.flatMap(({ topicId, partitionErrors: own }) => own.map((partition) => ({ ...partition, topicId }))),
    ].map(({ topicName, topicId, partitionIndex, errorCode: error }) => ({
      what: partitionText(topicName, topicId, partitionIndex, names),
      error,
    }));
    return results(each, () => '');
  },
});

const updateMetadata = describes(UpdateMetadata, {
  request(body) {
    const brokers = `brokers=[${body.liveBrokers.map(({ id }) => id).join(',')}]`;
    return { text: `${stateText(body)} ${brokers}`.trimStart() };
  },
  response: ({ errorCode }) => outcome(errorCode),
});

const stopReplica = describes(StopReplica, {
  request({ topicStates, topics, ungroupedPartitions }) {
    const each = [
      ...topicStates.flatMap(({ topicName, partitionStates }) =>
        partitionStates.map(
          ({ partitionIndex, deletePartition }) =>
            `${topicName}-${partitionIndex}${deletePartition ? ' (delete)' : ''}`,
        ),
      ),
      ...topics.flatMap(({ name, partitionIndexes }) => partitionIndexes.map((index) => `${name}-${index}`)),
      ...ungroupedPartitions.map(({ topicName, partitionIndex }) => `${topicName}-${partitionIndex}`),
    ];
    return { text: some(each) };
  },
  response: ({ errorCode, partitionErrors }) =>
    errorCode !== 0
      ? failed(errorCode)
      : results(
          partitionErrors.map(({ topicName, partitionIndex, errorCode: error }) => ({
            what: `${topicName}-${partitionIndex}`,
            error,
          })),
          () => '',
        ),
});

const controlledShutdown = describes(ControlledShutdown, {
  request: ({ brokerId }) => ({ text: `broker=${brokerId}` }),
  response: ({ errorCode, remainingPartitions }) =>
    outcome(
      errorCode,
      remainingPartitions.length === 0 ? '' : `still leads ${plural(remainingPartitions.length, 'partition')}`,
    ),
});

const electLeaders = describes(ElectLeaders, {
  request({ electionType, topicPartitions }) {
    const each = topicPartitions?.flatMap(({ topic, partitions }) => partitions.map((index) => `${topic}-${index}`));
    return { text: `${electionType === 0 ? 'preferred' : 'unclean'} ${each === undefined ? 'all' : some(each)}` };
  },
  response: ({ errorCode, replicaElectionResults }) =>
    errorCode !== 0
      ? failed(errorCode)
      : results(
          replicaElectionResults.flatMap(({ topic, partitionResult }) =>
            partitionResult.map(({ partitionId, errorCode: error }) => ({ what: `${topic}-${partitionId}`, error })),
          ),
          () => '',
        ),
});

export const REPLICATION: readonly Describer[] = [
  alterPartition,
  leaderAndIsr,
  updateMetadata,
  stopReplica,
  controlledShutdown,
  electLeaders,
];

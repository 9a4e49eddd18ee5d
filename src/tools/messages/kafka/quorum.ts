/** KRaft: votes, the life of brokers as the controller sees it. */
import { Vote } from '../../../protocol/apis/52-vote.ts';
import { BeginQuorumEpoch } from '../../../protocol/apis/53-begin-quorum-epoch.ts';
import { EndQuorumEpoch } from '../../../protocol/apis/54-end-quorum-epoch.ts';
import { DescribeQuorum } from '../../../protocol/apis/55-describe-quorum.ts';
import { BrokerRegistration } from '../../../protocol/apis/62-broker-registration.ts';
import { BrokerHeartbeat } from '../../../protocol/apis/63-broker-heartbeat.ts';
import { ControllerRegistration } from '../../../protocol/apis/70-controller-registration.ts';
import { type Describer, describes, failed, outcome } from './describe.ts';

interface QuorumAnswer {
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

interface QuorumTopics<P> {
  readonly errorCode: number;
  readonly topics: readonly { readonly partitions: readonly P[] }[];
}

const vote = describes(Vote, {
  request({ topics }) {
    const partition = topics[0]?.partitions[0];
    if (partition === undefined) return { text: 'nothing' };
    const { replicaId, replicaEpoch, lastOffset, lastOffsetEpoch, preVote } = partition;
    const log = `its log ends at ${lastOffset} of epoch ${lastOffsetEpoch}`;
    return { text: `${preVote ? 'pre-vote' : 'vote'} for ${replicaId} epoch=${replicaEpoch}, ${log}` };
  },
  response({ errorCode, topics }) {
    const partition = topics[0]?.partitions[0];
    const error = errorCode !== 0 ? errorCode : (partition?.errorCode ?? 0);
    if (error !== 0 || partition === undefined) return failed(error);
    return { text: `${partition.voteGranted ? 'granted' : 'refused'} epoch=${partition.leaderEpoch}` };
  },
});

function leadership({ errorCode, topics }: QuorumTopics<QuorumAnswer>) {
  const partition = topics[0]?.partitions[0];
  return outcome(errorCode !== 0 ? errorCode : (partition?.errorCode ?? 0));
}

const beginEpoch = describes(BeginQuorumEpoch, {
  request({ topics }) {
    const partition = topics[0]?.partitions[0];
    return {
      text: partition === undefined ? 'nothing' : `leader=${partition.leaderId} epoch=${partition.leaderEpoch}`,
    };
  },
  response: leadership,
});

const endEpoch = describes(EndQuorumEpoch, {
  request({ topics }) {
    const partition = topics[0]?.partitions[0];
    if (partition === undefined) return { text: 'nothing' };
    const { leaderId, leaderEpoch, preferredCandidates, preferredSuccessors } = partition;
    const next = preferredCandidates[0]?.candidateId ?? preferredSuccessors[0];
    return { text: `leader=${leaderId} epoch=${leaderEpoch}${next === undefined ? '' : ` next=${next}`}` };
  },
  response: leadership,
});

const describeQuorum = describes(DescribeQuorum, {
  request: () => ({ text: '' }),
  response({ errorCode, topics }) {
    const partition = topics[0]?.partitions[0];
    if (errorCode !== 0 || partition === undefined) return failed(errorCode);
    const { leaderId, leaderEpoch, highWatermark } = partition;
    return outcome(partition.errorCode, `leader=${leaderId} epoch=${leaderEpoch} HW=${highWatermark}`);
  },
});

const brokerRegistration = describes(BrokerRegistration, {
  request: ({ brokerId }) => ({ text: `broker=${brokerId}` }),
  response: ({ errorCode, brokerEpoch }) => outcome(errorCode, `epoch=${brokerEpoch}`),
});

const brokerHeartbeat = describes(BrokerHeartbeat, {
  request({ brokerId, currentMetadataOffset, wantFence, wantShutDown }) {
    const wants = wantShutDown ? ' wants to shut down' : wantFence ? ' wants to stay fenced' : '';
    return { text: `broker=${brokerId} metadata=${currentMetadataOffset}${wants}` };
  },
  response({ errorCode, isCaughtUp, isFenced, shouldShutDown }) {
    if (errorCode !== 0) return failed(errorCode);
    if (shouldShutDown) return { text: 'may shut down' };
    if (isFenced) return { text: `fenced${isCaughtUp ? '' : ', behind'}` };
    return { text: isCaughtUp ? '' : 'behind', idle: isCaughtUp };
  },
});

const controllerRegistration = describes(ControllerRegistration, {
  request: ({ controllerId }) => ({ text: `controller=${controllerId}` }),
  response: ({ errorCode }) => outcome(errorCode),
});

export const QUORUM: readonly Describer[] = [
  vote,
  beginEpoch,
  endEpoch,
  describeQuorum,
  brokerRegistration,
  brokerHeartbeat,
  controllerRegistration,
];

import { ListOffsets, type ListOffsetsResponse } from '../protocol/apis/02-list-offsets.ts';
import { ErrorCode, errorName } from '../protocol/errors.ts';
import type { RpcFailure } from '../rpc/api.ts';
import { brokerEvents } from './events.ts';
import type { FetchState } from './fetch-state.ts';
import type { ReplicaFetcher } from './replica-fetcher.ts';

const LATEST = -1;
const EARLIEST = -2;

interface Question {
  readonly fetcher: ReplicaFetcher;
  readonly state: FetchState;
  readonly timestamp: number;
}

/**
 * A follower's offset is not in its leader's log (§4.7): it asks for the leader's end, and if it is not beyond that, for its
 * start. Epochs play no part here, so after an unclean election only the next fetch finds where the histories part.
 */
export function locate(fetcher: ReplicaFetcher, state: FetchState): void {
  ask({ fetcher, state, timestamp: LATEST });
}

function ask(question: Question): void {
  const { fetcher, state, timestamp } = question;
  const { partition } = state;
  const asked = { partitionIndex: partition.index, currentLeaderEpoch: state.leaderEpoch, timestamp, maxNumOffsets: 1 };
  const body = {
    replicaId: fetcher.manager.brokerId,
    isolationLevel: 0,
    topics: [{ name: partition.topic, partitions: [asked] }],
    timeoutMs: 0,
  };
  fetcher.channel.send(ListOffsets, fetcher.listOffsetsVersion, body, answered, question);
}

function answered(question: Question, response: unknown, failure: RpcFailure | null): void {
  const { fetcher, state } = question;
  if (fetcher.ended || state.mode !== 'locating') return;
  const data = failure === null ? (response as ListOffsetsResponse).topics[0]?.partitions[0] : undefined;
  const error = data?.errorCode ?? ErrorCode.UNKNOWN_SERVER_ERROR;
  if (error === ErrorCode.FENCED_LEADER_EPOCH) fetcher.giveUp(state, errorName(error));
  else if (data === undefined || error !== ErrorCode.NONE) fetcher.delay([state]);
  else fetcher.manager.guard(state.partition, () => move(question, data.offset));
  fetcher.manager.wakes.settle();
  fetcher.run();
}

function move(question: Question, leaderOffset: number): void {
  const { fetcher, state, timestamp } = question;
  const { log, name } = state.partition;
  const own = log.logEndOffset;
  if (timestamp === LATEST && leaderOffset >= own) {
    ask({ fetcher, state, timestamp: EARLIEST });
    return;
  }
  if (timestamp === LATEST) log.truncateTo(leaderOffset);
  else if (leaderOffset > own) log.truncateFullyAndStartAt(leaderOffset);
  state.fetchOffset = log.logEndOffset;
  state.lastFetchedEpoch = log.epochs.latestEpoch ?? -1;
  state.partition.highWatermarkMoved();
  fetcher.manager.context.emit(brokerEvents['follower-out-of-range'], [name, own, state.fetchOffset]);
  fetcher.makeReady(state);
}

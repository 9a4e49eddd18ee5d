/** Blocks of producer ids (ZkProducerIdManager): each is a thousand ids after the last one that was given out. */
import {
  AllocateProducerIds,
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
} from '../../../../protocol/apis/67-allocate-producer-ids.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import type { Task } from '../task.ts';
import { decodeProducerIds, encodeProducerIds, PRODUCER_IDS_PATH } from '../znodes.ts';
import type { ControllerParts } from './parts.ts';

const BLOCK_SIZE = 1000;

export function* allocateProducerIds(
  { zk, state }: ControllerParts,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): Task<AllocateProducerIdsResponse> {
  const broker = state.brokers.get(brokerId);
  const refuse = (errorCode: number) => AllocateProducerIds.response.make({ errorCode });
  if (broker === undefined) return refuse(ErrorCode.BROKER_ID_NOT_REGISTERED);
  if (broker.epoch !== brokerEpoch) return refuse(ErrorCode.STALE_BROKER_EPOCH);
  for (;;) {
    const { err, data, stat } = yield* zk.getData(PRODUCER_IDS_PATH);
    if (err !== ZkCode.OK || stat === null) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR);
    const first = (decodeProducerIds(data)?.last ?? -1) + 1;
    const block = encodeProducerIds({ broker: brokerId, first, last: first + BLOCK_SIZE - 1 });
    // A write whose answer was lost is found as somebody else's: a block is wasted, none is given out twice.
    const written = yield* zk.setData(PRODUCER_IDS_PATH, block, stat.version);
    if (written.err === ZkCode.OK) {
      return AllocateProducerIds.response.make({ producerIdStart: first, producerIdLen: BLOCK_SIZE });
    }
    if (written.err !== ZkCode.BAD_VERSION) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR);
  }
}

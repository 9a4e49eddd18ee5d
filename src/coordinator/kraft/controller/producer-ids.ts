/** AllocateProducerIds (67): a broker takes a block of a thousand ids, which nobody else ever gets (ProducerIdControlManager). */
import {
  AllocateProducerIds,
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
} from '../../../protocol/apis/67-allocate-producer-ids.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { ControllerState, Decision } from './state.ts';

const BLOCK_SIZE = 1000;

export function decideProducerIds(
  state: ControllerState,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): Decision<AllocateProducerIdsResponse> {
  const { metadata } = state;
  if (metadata.brokers.get(brokerId)?.epoch !== brokerEpoch) {
    const response = AllocateProducerIds.response.make({ errorCode: ErrorCode.STALE_BROKER_EPOCH });
    return { records: [], reason: '', response };
  }
  const producerIdStart = metadata.nextProducerId;
  const nextProducerId = producerIdStart + BLOCK_SIZE;
  return {
    records: [{ kind: 'producer-ids', brokerId, brokerEpoch, nextProducerId }],
    reason: 'producer-ids-allocated',
    response: AllocateProducerIds.response.make({ producerIdStart, producerIdLen: BLOCK_SIZE }),
  };
}

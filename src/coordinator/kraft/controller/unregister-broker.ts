/** UnregisterBroker (64): a broker that will not come back is forgotten. */
import {
  UnregisterBroker,
  type UnregisterBrokerRequest,
  type UnregisterBrokerResponse,
} from '../../../protocol/apis/64-unregister-broker.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { removeFromIsrs } from './partitions.ts';
import type { ControllerState, Decision } from './state.ts';

export function decideUnregister(
  state: ControllerState,
  { brokerId }: UnregisterBrokerRequest,
): Decision<UnregisterBrokerResponse> {
  const broker = state.metadata.brokers.get(brokerId);
  if (broker === undefined) {
    const refusal = {
      errorCode: ErrorCode.BROKER_ID_NOT_REGISTERED,
      errorMessage: `broker ${brokerId} is not registered`,
    };
    return { records: [], reason: '', response: UnregisterBroker.response.make(refusal) };
  }
  return {
    records: [
      ...removeFromIsrs(state, brokerId, 'unclean'),
      { kind: 'unregister-broker', brokerId, brokerEpoch: broker.epoch },
    ],
    reason: 'broker-unregistered',
    response: UnregisterBroker.response.make({ errorMessage: null }),
  };
}

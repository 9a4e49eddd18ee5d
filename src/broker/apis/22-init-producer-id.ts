/**
 * InitProducerId, versions 0–5 (KIP-98). An idempotent producer gets an id that nobody had before, in epoch 0. A KRaft broker
 * without a block of ids answers COORDINATOR_LOAD_IN_PROGRESS and fetches one (KIP-730).
 *
 * Not simulated: transactions. A transactional id is refused with UNSUPPORTED_VERSION, for nobody here could coordinate it.
 */
import { InitProducerId } from '../../protocol/apis/22-init-producer-id.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { handler } from '../services.ts';

export const initProducerId = handler(InitProducerId, ({ producerIds }, request) => {
  if (request.body.transactionalId !== null) {
    request.respond({ throttleTimeMs: 0, errorCode: ErrorCode.UNSUPPORTED_VERSION, producerId: -1, producerEpoch: -1 });
    return;
  }
  producerIds.allocate((errorCode, producerId) => {
    const producerEpoch = errorCode === ErrorCode.NONE ? 0 : -1;
    request.respond({ throttleTimeMs: 0, errorCode, producerId, producerEpoch });
  });
});

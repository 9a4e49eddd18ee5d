/**
 * InitProducerId, versions 0–5 (KIP-98). An idempotent producer gets an id that nobody had before, in epoch 0. A KRaft broker
 * without a block of ids answers COORDINATOR_LOAD_IN_PROGRESS and fetches one (KIP-730).
 *
 * With a transactional id the request belongs to the transaction coordinator (`transactions/init-producer-id.ts`); a broker
 * without one answers UNSUPPORTED_VERSION.
 */
import { InitProducerId, type InitProducerIdRequest } from '../../protocol/apis/22-init-producer-id.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ServerRequest } from '../../rpc/api.ts';
import type { ProducerIds } from '../producer-ids.ts';
import { handler } from '../services.ts';

export const initProducerId = handler(InitProducerId, ({ producerIds }, request) => {
  if (request.body.transactionalId === null) answerIdempotent(producerIds, request);
  else request.respond(InitProducerId.response.make({ errorCode: ErrorCode.UNSUPPORTED_VERSION, producerEpoch: -1 }));
});

export function answerIdempotent(
  producerIds: Pick<ProducerIds, 'allocate'>,
  request: ServerRequest<InitProducerIdRequest>,
): void {
  producerIds.allocate((errorCode, producerId) => {
    const producerEpoch = errorCode === ErrorCode.NONE ? 0 : -1;
    request.respond({ throttleTimeMs: 0, errorCode, producerId, producerEpoch });
  });
}

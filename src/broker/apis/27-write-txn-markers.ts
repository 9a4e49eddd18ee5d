/**
 * WriteTxnMarkers, versions 0–2 (the transaction's version from 2). A transaction coordinator has the outcome of transactions
 * written into the partitions that this broker leads; an operator may end a hanging one this way (KIP-98, KIP-664). Each marker is
 * answered when the in-sync replicas have it. What is in `__consumer_offsets` goes by way of the group coordinator. Kafka's
 * `KafkaApis.handleWriteTxnMarkersRequest`.
 */
import { type WritableTxnMarker, WriteTxnMarkers } from '../../protocol/apis/27-write-txn-markers.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { appendMarker, type MarkerOrder } from '../replicated-append.ts';
import { type BrokerServices, handler } from '../services.ts';

interface Result {
  readonly partitionIndex: number;
  errorCode: number;
}

export const writeTxnMarkers = handler(WriteTxnMarkers, (services, request) => {
  const markers = request.body.markers.map(({ producerId, topics }) => ({
    producerId,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex): Result => ({ partitionIndex, errorCode: ErrorCode.NONE })),
    })),
  }));
  // One more than there are, so that nothing is answered while they are still being handed out.
  let open = 1;
  const settle = (): void => {
    open--;
    if (open === 0) request.respond({ markers });
  };
  for (const [at, marker] of request.body.markers.entries()) {
    const order = orderOf(marker);
    for (const { name, partitions } of markers[at]!.topics) {
      for (const result of partitions) {
        open++;
        write(services, { topic: name, partition: result.partitionIndex }, order, (error) => {
          result.errorCode = error;
          settle();
        });
      }
    }
  }
  settle();
});

function orderOf(marker: WritableTxnMarker): MarkerOrder {
  const { transactionResult, producerId, producerEpoch, coordinatorEpoch, transactionVersion } = marker;
  const type = transactionResult ? 'commit' : 'abort';
  return { type, producerId, producerEpoch, coordinatorEpoch, transactionVersion };
}

function write(
  { replicas, coordinators, settings }: BrokerServices,
  place: { readonly topic: string; readonly partition: number },
  order: MarkerOrder,
  done: (error: number) => void,
): void {
  const timeoutMs = settings.requestTimeoutMs;
  const coordinator = coordinators.byTopic.get(place.topic);
  if (coordinator?.writeMarker !== undefined) coordinator.writeMarker(place.partition, order, timeoutMs, done);
  else appendMarker(replicas, { ...place, timeoutMs }, order, done);
}

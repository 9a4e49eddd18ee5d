/**
 * DescribeProducers, version 0 (KIP-664). The producers whose state a replica keeps, leader or not, with their sequences and open
 * transactions.
 */
import { DescribeProducers, type DescribeProducersResponse } from '../../protocol/apis/61-describe-producers.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerServices, handler } from '../services.ts';

type Result = DescribeProducersResponse['topics'][number]['partitions'][number];

export const describeProducers = handler(DescribeProducers, (services, request) => {
  const topics = request.body.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => describe(services, name, index)),
  }));
  request.respond({ throttleTimeMs: 0, topics });
});

function describe({ replicas }: BrokerServices, topic: string, partitionIndex: number): Result {
  const partition = replicas.get(topic, partitionIndex);
  if (partition === undefined) {
    const errorCode = replicas.lookupError(topic, partitionIndex);
    return { partitionIndex, errorCode, errorMessage: null, activeProducers: [] };
  }
  const activeProducers = partition.log.activeProducers().map((producer) => ({
    producerId: producer.producerId,
    producerEpoch: producer.epoch,
    lastSequence: producer.lastSequence,
    lastTimestamp: producer.lastTimestampMs,
    coordinatorEpoch: producer.coordinatorEpoch,
    currentTxnStartOffset: producer.currentTransactionStartOffset,
  }));
  return { partitionIndex, errorCode: ErrorCode.NONE, errorMessage: null, activeProducers };
}

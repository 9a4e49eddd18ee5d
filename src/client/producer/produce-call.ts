import type {
  PartitionProduceData,
  PartitionProduceResponse,
  ProduceRequest,
  ProduceResponse,
  TopicProduceData,
} from '../../protocol/apis/00-produce.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { ProducerBatch } from './batch.ts';

/** One produce request and the batches in it, at most one a partition. */
export class ProduceCall {
  readonly nodeId: number;
  readonly batches: ProducerBatch[] = [];
  sizeBytes = 0;

  constructor(nodeId: number) {
    this.nodeId = nodeId;
  }

  add(batch: ProducerBatch): void {
    this.batches.push(batch);
    this.sizeBytes += batch.sizeBytes;
  }

  request(acks: number, timeoutMs: number, transactionalId: string | null): ProduceRequest {
    const topicData: (TopicProduceData & { partitionData: PartitionProduceData[] })[] = [];
    for (const batch of this.batches) {
      const { topic, index } = batch.queue.partition;
      let data = topicData.find(({ name }) => name === topic.name);
      if (data === undefined) {
        data = { name: topic.name, topicId: topic.id === '' ? ZERO_UUID : topic.id, partitionData: [] };
        topicData.push(data);
      }
      data.partitionData.push({ index, records: batch.encoded() });
    }
    return { transactionalId, acks, timeoutMs, topicData };
  }

  /** The broker's answer about a batch; undefined if it says nothing of it. Answers usually come in the order of the request. */
  answerFor(response: ProduceResponse, batch: ProducerBatch): PartitionProduceResponse | undefined {
    const { topic, index } = batch.queue.partition;
    for (const { name, topicId, partitionResponses } of response.responses) {
      if (name === '' ? topicId !== topic.id : name !== topic.name) continue;
      for (const answer of partitionResponses) if (answer.index === index) return answer;
    }
    return undefined;
  }
}

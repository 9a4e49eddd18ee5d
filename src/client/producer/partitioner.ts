import type { Chance } from '../../kernel/api.ts';
import type { TopicInfo } from '../metadata.ts';
import { partitionOfKey } from './murmur2.ts';

interface Sticky {
  index: number;
  bytes: number;
}

/**
 * Where records go. Keys decide by hash. Without a key one partition at a time is filled up to `batch.size` bytes, so that
 * batches fill; the next is drawn from those that have a leader (KIP-794, BuiltInPartitioner).
 *
 * Not simulated: weights by queue length, `partitioner.availability.timeout.ms`.
 */
export class Partitioner {
  private readonly sticky = new Map<string, Sticky>();
  private readonly chance: Chance;
  private readonly batchSize: number;
  private readonly ignoreKeys: boolean;

  constructor(chance: Chance, options: { readonly batchSize: number; readonly ignoreKeys: boolean }) {
    this.chance = chance;
    this.batchSize = options.batchSize;
    this.ignoreKeys = options.ignoreKeys;
  }

  partitionFor(topic: TopicInfo, key: Uint8Array | null, sizeBytes: number): number {
    if (key !== null && !this.ignoreKeys) return partitionOfKey(key, topic.partitions.length);
    let sticky = this.sticky.get(topic.name);
    if (sticky === undefined) {
      sticky = { index: this.choose(topic), bytes: 0 };
      this.sticky.set(topic.name, sticky);
    } else if (sticky.bytes >= this.batchSize) {
      sticky.index = this.choose(topic);
      sticky.bytes = 0;
    }
    sticky.bytes += sizeBytes;
    return sticky.index;
  }

  private choose({ partitions }: TopicInfo): number {
    const led = partitions.filter(({ leader }) => leader >= 0);
    return this.chance.pick(led.length > 0 ? led : partitions).index;
  }
}

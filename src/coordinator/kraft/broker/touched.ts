/** Which parts of the metadata the records since the last publication have touched. */

import type { ConfigKey } from '../../config-resources.ts';
import { configKey } from '../metadata/apply.ts';
import type { MetadataContents } from '../metadata/cluster-metadata.ts';
import type { MetadataRecord } from '../metadata/records.ts';

export class Touched {
  /** Topic id → partition numbers. */
  readonly partitions = new Map<string, Set<number>>();
  readonly removedTopics = new Set<string>();
  readonly configs = new Set<ConfigKey>();
  /** Anything at all but NoOpRecords. */
  any = false;

  note(record: MetadataRecord, contents: MetadataContents): void {
    if (record.kind === 'no-op') return;
    this.any = true;
    switch (record.kind) {
      case 'partition':
      case 'partition-change':
        this.touch(record.topicId).add(record.partitionId);
        break;
      case 'remove-topic':
        this.removedTopics.add(record.topicId);
        break;
      case 'config':
        this.configs.add(configKey(record));
        break;
      case 'clear-elr':
        for (const { name, id, partitions } of contents.topics.values()) {
          if (record.topicName !== '' && record.topicName !== name) continue;
          for (const { partition } of partitions) this.touch(id).add(partition);
        }
        break;
      default:
        break;
    }
  }

  /** As if everything were new. */
  noteAll(contents: MetadataContents): void {
    this.any = true;
    for (const { id, partitions } of contents.topics.values()) {
      for (const { partition } of partitions) this.touch(id).add(partition);
    }
    for (const key of contents.configs.keys()) this.configs.add(key);
  }

  private touch(topicId: string): Set<number> {
    let numbers = this.partitions.get(topicId);
    if (numbers === undefined) {
      numbers = new Set();
      this.partitions.set(topicId, numbers);
    }
    return numbers;
  }
}

import type { Metadata } from '../metadata.ts';
import { AssignedPartition } from './assigned-partition.ts';
import { comparePartitions, type TopicPartition } from './assignors/assignor.ts';

/** The partitions that a consumer has at present (SubscriptionState). */
export class Assignment {
  /** In order of topic and number. */
  partitions: readonly AssignedPartition[] = [];
  /** Grows with every change. */
  version = 0;
  private byTopic = new Map<string, (AssignedPartition | undefined)[]>();

  /** Finds a partition by its topic's name or id, as an answer has it. */
  find(topic: string, index: number): AssignedPartition | undefined {
    return this.byTopic.get(topic)?.[index];
  }

  has({ topic, partition }: TopicPartition): boolean {
    return this.find(topic, partition) !== undefined;
  }

  /** Takes partitions that the metadata knows; returns them. */
  add(wanted: readonly TopicPartition[], metadata: Metadata): readonly AssignedPartition[] {
    const added: AssignedPartition[] = [];
    for (const { topic, partition } of wanted) {
      const info = metadata.topic(topic)?.partitions[partition];
      if (info !== undefined && this.find(topic, partition) === undefined) added.push(new AssignedPartition(info));
    }
    this.replace([...this.partitions, ...added]);
    return added;
  }

  remove(gone: readonly AssignedPartition[]): void {
    for (const partition of gone) partition.revoked = true;
    this.replace(this.partitions.filter(({ revoked }) => !revoked));
  }

  /** As assignors write it. */
  owned(): readonly TopicPartition[] {
    return this.partitions.map(({ info }) => ({ topic: info.topic.name, partition: info.index }));
  }

  names(): readonly string[] {
    return this.partitions.map(({ name }) => name);
  }

  private replace(partitions: readonly AssignedPartition[]): void {
    this.partitions = [...partitions].sort((a, b) =>
      comparePartitions(
        { topic: a.info.topic.name, partition: a.info.index },
        { topic: b.info.topic.name, partition: b.info.index },
      ),
    );
    this.version += 1;
    this.byTopic = new Map();
    for (const partition of this.partitions) {
      const { topic, index } = partition.info;
      for (const key of [topic.name, topic.id]) {
        let siblings = this.byTopic.get(key);
        if (siblings === undefined) {
          siblings = [];
          this.byTopic.set(key, siblings);
        }
        siblings[index] = partition;
      }
    }
  }
}

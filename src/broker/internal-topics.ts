import type { Config } from '../config/config.ts';

export const CONSUMER_OFFSETS = '__consumer_offsets';
export const TRANSACTION_STATE = '__transaction_state';
export const SHARE_GROUP_STATE = '__share_group_state';

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: readonly { readonly name: string; readonly value: string }[];
}

/** Clients may not write to these, and they are created with settings of their own. */
export function isInternalTopic(topic: string): boolean {
  return topic === CONSUMER_OFFSETS || topic === TRANSACTION_STATE || topic === SHARE_GROUP_STATE;
}

/** A topic as a broker asks for it when it is missed (Kafka's `AutoTopicCreationManager.creatableTopic`). */
export function newTopic(name: string, config: Config): NewTopic {
  switch (name) {
    case CONSUMER_OFFSETS:
      return {
        name,
        partitions: config.number('offsets.topic.num.partitions'),
        replicationFactor: config.number('offsets.topic.replication.factor'),
        configs: [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'segment.bytes', value: String(config.number('offsets.topic.segment.bytes')) },
          { name: 'compression.type', value: 'producer' },
        ],
      };
    case TRANSACTION_STATE:
      return {
        name,
        partitions: config.number('transaction.state.log.num.partitions'),
        replicationFactor: config.number('transaction.state.log.replication.factor'),
        configs: [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'compression.type', value: 'uncompressed' },
          { name: 'min.insync.replicas', value: String(config.number('transaction.state.log.min.isr')) },
          { name: 'segment.bytes', value: String(config.number('transaction.state.log.segment.bytes')) },
          { name: 'unclean.leader.election.enable', value: 'false' },
        ],
      };
    default:
      return {
        name,
        partitions: config.number('num.partitions'),
        replicationFactor: config.number('default.replication.factor'),
        configs: [],
      };
  }
}

/** Kafka's `Topic.validate`: what a topic may be called. */
export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}

/** A topic as far as it decides who gets what. */
export interface HashedTopic {
  readonly topicId: string;
  readonly topicName: string;
  readonly numPartitions: number;
}

/**
 * A number that differs if the topics, their ids or their partitions do; they come in the order of their names. Kafka hashes
 * other bytes with another function (XXH3), so the numbers are not those of a real log.
 */
export function hashOfTopics(topics: readonly HashedTopic[]): number {
  let hash = 0;
  for (const { topicName, topicId, numPartitions } of topics) {
    const text = `${topicName}/${topicId}/${numPartitions};`;
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0) + 1;
  }
  return hash;
}

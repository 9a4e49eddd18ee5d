const SLOTS = 1 << 14;
const names: { topic: string; partition: number; name: string }[] = [];

/**
 * `orders-0`. Every node of a cluster speaks of the same partitions: what was asked for lately is one and the same text, so that
 * tables keyed by it compare addresses, and ten thousand partitions have ten thousand names and not many times as many.
 */
export function partitionName(topic: string, partition: number): string {
  const slot = (partition + topic.length * 61 + topic.charCodeAt(topic.length - 1) * 257) & (SLOTS - 1);
  const known = names[slot];
  if (known !== undefined && known.partition === partition && known.topic === topic) return known.name;
  const name = `${topic}-${partition}`;
  names[slot] = { topic, partition, name };
  return name;
}

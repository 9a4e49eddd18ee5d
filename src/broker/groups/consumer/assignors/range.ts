import { type Assignor, Shares, type Subscriber } from './assignor.ts';

/** Each topic in contiguous blocks, in the order of the members; so topics of equal size are shared out alike. Kafka's `RangeAssignor`. */
export const range: Assignor = ({ members, partitionsOf }) => {
  const shares = new Shares(members);
  const subscribers = new Map<string, Subscriber[]>();
  for (const member of members) {
    for (const topicId of member.topicIds) {
      const known = subscribers.get(topicId);
      if (known === undefined) subscribers.set(topicId, [member]);
      else known.push(member);
    }
  }
  for (const [topicId, readers] of subscribers) {
    const partitions = partitionsOf(topicId);
    const quota = Math.floor(partitions / readers.length);
    const extra = partitions % readers.length;
    let next = 0;
    for (const [i, { memberId }] of readers.entries()) {
      const end = next + quota + (i < extra ? 1 : 0);
      for (; next < end; next++) shares.give(memberId, topicId, next);
    }
  }
  return shares.made();
};

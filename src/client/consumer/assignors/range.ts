import { type Assignor, nothingFor, ordered, wantedTopics } from './assignor.ts';

/** Contiguous blocks of each topic; the first members get one more (RangeAssignor, without racks). */
export const range: Assignor = {
  name: 'range',
  cooperative: false,
  remembers: false,
  assign(members, counts) {
    const inOrder = ordered(members);
    const assignment = nothingFor(inOrder);
    for (const topic of wantedTopics(inOrder, counts)) {
      const consumers = inOrder.filter(({ topics }) => topics.includes(topic));
      const partitions = counts.get(topic)!;
      const share = Math.floor(partitions / consumers.length);
      const extra = partitions % consumers.length;
      let next = 0;
      consumers.forEach(({ memberId }, place) => {
        const end = next + share + (place < extra ? 1 : 0);
        for (; next < end; next++) assignment.get(memberId)!.push({ topic, partition: next });
      });
    }
    return assignment;
  },
};

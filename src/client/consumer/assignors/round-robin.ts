import { type Assignor, nothingFor, ordered, partitionsOf, wantedTopics } from './assignor.ts';

/** All partitions in order, dealt out in turn to whoever subscribed to their topic (RoundRobinAssignor). */
export const roundRobin: Assignor = {
  name: 'roundrobin',
  cooperative: false,
  remembers: false,
  assign(members, counts) {
    const inOrder = ordered(members);
    const assignment = nothingFor(inOrder);
    let turn = 0;
    for (const partition of partitionsOf(wantedTopics(inOrder, counts), counts)) {
      while (!inOrder[turn % inOrder.length]!.topics.includes(partition.topic)) turn += 1;
      assignment.get(inOrder[turn % inOrder.length]!.memberId)!.push(partition);
      turn += 1;
    }
    return assignment;
  },
};

import { describe, expect, test } from 'vitest';
import type { PartitionState } from '../../../src/coordinator/index.ts';
import { sharedIds, sharedState } from '../../../src/coordinator/kraft/metadata/shared-states.ts';

function state(partition: number, changes: Partial<PartitionState> = {}): PartitionState {
  return {
    topic: 'orders',
    topicId: 'AAAAAAAAAAAAAAAAAAAABA',
    partition,
    name: `orders-${partition}`,
    replicas: [1, 2, 3],
    addingReplicas: [],
    removingReplicas: [],
    isr: [1, 2, 3],
    elr: [],
    lastKnownElr: [],
    leader: 1,
    leaderEpoch: 0,
    partitionEpoch: 0,
    recovering: false,
    ...changes,
  };
}

describe('states that nodes share', () => {
  test('equal states are one object', () => {
    expect(sharedState(state(7))).toBe(sharedState(state(7)));
    expect(sharedIds([3, 1, 2])).toBe(sharedIds([3, 1, 2]));
  });

  test('a state that differs in anything stays itself', () => {
    const first = sharedState(state(7));
    const changes: Partial<PartitionState>[] = [
      { leader: 2 },
      { leaderEpoch: 1 },
      { partitionEpoch: 1 },
      { isr: [1, 2] },
      { replicas: [1, 2, 4] },
      { addingReplicas: [4] },
      { removingReplicas: [3] },
      { elr: [3] },
      { lastKnownElr: [2] },
      { recovering: true },
      { topicId: 'AAAAAAAAAAAAAAAAAAAABB' },
      { name: 'payments-7', topic: 'payments' },
    ];
    for (const change of changes) {
      const other = state(7, change);
      expect(sharedState(other)).toBe(other);
      expect(sharedState(other)).toEqual({ ...state(7), ...change });
    }
    expect(first).toEqual(state(7));
  });

  test('whoever loses its slot is still right', () => {
    const made = Array.from({ length: 40_000 }, (_, partition) => sharedState(state(partition)));
    for (const [partition, one] of made.entries()) expect(one).toEqual(state(partition));
    expect(sharedIds([2, 1])).toEqual([2, 1]);
    expect(sharedIds([1, 2])).toEqual([1, 2]);
  });
});

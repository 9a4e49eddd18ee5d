import type { ConsumerGroup } from './consumer-group.ts';
import type { ConsumerRecord } from './consumer-records.ts';

/** What takes an empty group back. */
export function consumerTombstones({ groupId: group, regexes }: ConsumerGroup): ConsumerRecord[] {
  return [
    { kind: 'consumer-target-epoch', group, value: null },
    { kind: 'consumer-topics', group, value: null },
    ...[...regexes.keys()].map((regex): ConsumerRecord => ({ kind: 'consumer-regex', group, regex, value: null })),
    { kind: 'consumer-group', group, value: null },
  ];
}

import type { Alarm } from '../effects.ts';
import type { GroupShard } from '../shard.ts';
import { onConsumerRebalance, onConsumerSession } from './leave.ts';
import { resolveRegexes } from './regex.ts';

type ConsumerAlarm = Alarm & { readonly kind: `consumer-${string}` };

/** Of a group that may be gone by now. */
export function onConsumerAlarm(shard: GroupShard, alarm: ConsumerAlarm): void {
  const live = shard.consumers.get(alarm.groupId);
  if (live === undefined) return;
  switch (alarm.kind) {
    case 'consumer-session':
      onConsumerSession(shard, live, alarm.memberId);
      break;
    case 'consumer-rebalance':
      onConsumerRebalance(shard, live, alarm.memberId, alarm.epoch);
      break;
    case 'consumer-regex':
      resolveRegexes(shard, live, alarm.lookup);
      break;
  }
}

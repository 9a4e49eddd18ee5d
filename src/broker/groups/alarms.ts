import { assertNever } from '../../kernel/assert.ts';
import { onConsumerAlarm } from './consumer/alarms.ts';
import type { Alarm } from './effects.ts';
import { onSessionExpired, onSyncTimeout } from './membership.ts';
import { completeJoin, onInitialDelay } from './rebalance.ts';
import type { GroupShard } from './shard.ts';

export function onAlarm(shard: GroupShard, alarm: Alarm): void {
  switch (alarm.kind) {
    case 'session':
      onSessionExpired(shard, alarm.group, alarm.memberId);
      break;
    case 'initial-delay':
      onInitialDelay(shard, alarm.group, alarm.delayMs, alarm.remainingMs);
      break;
    case 'join':
      completeJoin(shard, alarm.group, 'the rebalance timeout is over');
      break;
    case 'sync':
      onSyncTimeout(shard, alarm.group, alarm.generation);
      break;
    case 'consumer-session':
    case 'consumer-rebalance':
    case 'consumer-regex':
      onConsumerAlarm(shard, alarm);
      break;
    default:
      assertNever(alarm);
  }
}

import { array, int64, string, struct, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

/** The topics that a regular expression of a consumer group matched. */
export const ConsumerGroupRegularExpression = coordinatorRecord({
  id: 16,
  name: 'ConsumerGroupRegularExpression',
  versions: '0',
  flexible: 0,
  key: struct({
    groupId: string(),
    regularExpression: string(),
  }),
  value: struct({
    topics: array(string()),
    version: int64(),
    timestamp: int64(),
  }),
});

export type ConsumerGroupRegularExpressionKey = Value<typeof ConsumerGroupRegularExpression.key>;
export type ConsumerGroupRegularExpressionValue = Value<typeof ConsumerGroupRegularExpression.value>;

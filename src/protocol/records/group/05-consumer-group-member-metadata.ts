import { array, bytes, int32, string, struct, type Value } from '../../schema.ts';
import { coordinatorRecord } from '../coordinator-record.ts';

/** A member of a consumer group: its subscription. */
export const ConsumerGroupMemberMetadata = coordinatorRecord({
  id: 5,
  name: 'ConsumerGroupMemberMetadata',
  versions: '0',
  flexible: 0,
  key: struct({
    groupId: string(),
    memberId: string(),
  }),
  value: struct({
    instanceId: string({ nullable: '0+' }),
    rackId: string({ nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array(string()),
    subscribedTopicRegex: string({ nullable: '0+' }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    serverAssignor: string({ nullable: '0+' }),
    classicMemberMetadata: struct(
      {
        sessionTimeoutMs: int32(),
        supportedProtocols: array(
          struct({
            name: string(),
            metadata: bytes(),
          }),
        ),
      },
      { nullable: '0+', tag: 0, default: null },
    ),
  }),
});

export type ConsumerGroupMemberMetadataKey = Value<typeof ConsumerGroupMemberMetadata.key>;
export type ConsumerGroupMemberMetadataValue = Value<typeof ConsumerGroupMemberMetadata.value>;
export type ClassicMemberMetadata = NonNullable<ConsumerGroupMemberMetadataValue['classicMemberMetadata']>;
export type ClassicProtocol = ClassicMemberMetadata['supportedProtocols'][number];

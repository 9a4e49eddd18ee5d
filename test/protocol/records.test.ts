import { expect, test } from 'vitest';
import { encodeControlKey } from '../../src/protocol/control-batch.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../src/protocol/records/consumer-protocol.ts';
import { encodeKey, encodeValue } from '../../src/protocol/records/coordinator-record.ts';
import { OffsetCommit } from '../../src/protocol/records/group/01-offset-commit.ts';
import { decodeGroupRecord } from '../../src/protocol/records/group/index.ts';
import { PartitionChangeRecord } from '../../src/protocol/records/metadata/05-partition-change.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from '../../src/protocol/records/metadata/index.ts';
import { decodePrincipal, encodePrincipal } from '../../src/protocol/records/principal.ts';
import { decodeQuorumControl, encodeQuorumControl, type QuorumControl } from '../../src/protocol/records/quorum.ts';
import { METADATA_TOPIC_ID } from '../../src/protocol/uuid.ts';
import { fromHex, toHex } from './hex.ts';

test('a metadata record: frame, key and version as uvarints, then the fields', () => {
  const topic = { type: 'TopicRecord', version: 0, value: { name: 't', topicId: METADATA_TOPIC_ID } } as const;
  const bytes = encodeMetadataRecord(topic);
  expect(toHex(bytes)).toBe('01' + '02' + '00' + '0274' + '00000000000000000000000000000001' + '00');
  expect(decodeMetadataRecord(bytes)).toEqual(topic);
  expect(toHex(encodeMetadataRecord({ type: 'NoOpRecord', version: 0, value: {} }))).toBe('01140000');
});

test('a partition change carries only what changed', () => {
  const value = PartitionChangeRecord.schema.make({ partitionId: 1, topicId: METADATA_TOPIC_ID, leader: 2 });
  const bytes = encodeMetadataRecord({ type: 'PartitionChangeRecord', version: 2, value });
  expect(toHex(bytes)).toBe(
    '010502' + '00000001' + '00000000000000000000000000000001' + '01' + '01' + '04' + '00000002',
  );
  expect(decodeMetadataRecord(bytes).value).toEqual(value);
});

test('what is no metadata record is refused', () => {
  expect(() => decodeMetadataRecord(fromHex('02020000'))).toThrow(/frame 2/);
  expect(() => decodeMetadataRecord(fromHex('017f00'))).toThrow(/unknown kind 127/);
  expect(() => decodeMetadataRecord(fromHex('011409'))).toThrow(/unknown version 9/);
  expect(() => decodeMetadataRecord(fromHex('0114000000'))).toThrow(/followed by 1 bytes/);
});

test('an offset commit: int16 kind before the key, int16 version before the value', () => {
  const key = encodeKey(OffsetCommit, { group: 'g', topic: 't', partition: 2 });
  expect(toHex(key)).toBe('0001' + '000167' + '000174' + '00000002');
  const value = OffsetCommit.value.make({ offset: 5, leaderEpoch: 1, metadata: '', commitTimestamp: 9 });
  const bytes = encodeValue(OffsetCommit, 3, value);
  expect(toHex(bytes)).toBe('0003' + '0000000000000005' + '00000001' + '0000' + '0000000000000009');
  const decoded = { type: 'OffsetCommit', key: { group: 'g', topic: 't', partition: 2 }, value };
  expect(decodeGroupRecord(key, bytes)).toEqual(decoded);
  key[1] = 0;
  expect(decodeGroupRecord(key, null)).toEqual({ ...decoded, value: null });
  key[1] = 99;
  expect(decodeGroupRecord(key, null)).toBeUndefined();
});

test('what members of a classic group tell each other; a newer version is read as the newest known', () => {
  const subscription = {
    topics: ['a', 'b'],
    userData: null,
    ownedPartitions: [{ topic: 'a', partitions: [0, 1] }],
    generationId: 4,
    rackId: 'r',
  };
  const bytes = encodeSubscription(subscription);
  expect(decodeSubscription(bytes)).toEqual(subscription);
  bytes[1] = 7;
  expect(decodeSubscription(bytes)).toEqual(subscription);
  expect(decodeSubscription(encodeSubscription(subscription, 0))).toEqual({
    ...subscription,
    ownedPartitions: [],
    generationId: -1,
    rackId: null,
  });
  const assignment = { assignedPartitions: [{ topic: 'a', partitions: [1] }], userData: null };
  expect(toHex(encodeAssignment(assignment, 0))).toBe(
    '0000' + '00000001' + '000161' + '00000001' + '00000001' + 'ffffffff',
  );
  expect(decodeAssignment(encodeAssignment(assignment))).toEqual(assignment);
});

test('control records of the quorum begin with their own version', () => {
  const voters = [{ voterId: 1, voterDirectoryId: METADATA_TOPIC_ID }];
  const message = { version: 1, leaderId: 1, voters, grantingVoters: [] };
  const controls: QuorumControl[] = [
    { type: 'leader-change', value: message },
    { type: 'snapshot-header', value: { version: 0, lastContainedLogTimestamp: 12 } },
    { type: 'kraft-version', value: { version: 0, kRaftVersion: 1 } },
  ];
  for (const control of controls) {
    const { type, value } = encodeQuorumControl(control);
    expect(decodeQuorumControl(encodeControlKey(type), value)).toEqual(control);
  }
  expect(toHex(encodeQuorumControl(controls[2]!).value)).toBe('0000' + '0001' + '00');
  expect(decodeQuorumControl(encodeControlKey('commit'), fromHex('000000000001'))).toBeUndefined();
});

test('a principal', () => {
  const principal = { type: 'User', name: 'ann', tokenAuthenticated: false };
  expect(toHex(encodePrincipal(principal))).toBe('0000' + '0555736572' + '04616e6e' + '00' + '00');
  expect(decodePrincipal(encodePrincipal(principal))).toEqual(principal);
});

/** The coordinator within real brokers: replicated writes, fail-over from one broker to another, bytes on the wire. */
import { expect, test } from 'vitest';
import { javaAbs, javaHash } from '../../src/broker/java-hash.ts';
import { errorName } from '../../src/protocol/errors.ts';
import { GroupHarness } from './group-harness.ts';

const GROUP = 'readers';
const PARTITION = `__consumer_offsets-${javaAbs(javaHash(GROUP)) % 50}`;

interface Begun {
  readonly harness: GroupHarness;
  readonly coordinator: number;
  readonly members: readonly string[];
}

/** Two members share three partitions in generation 1. */
function begun(options: ConstructorParameters<typeof GroupHarness>[0] = {}): Begun {
  const harness = new GroupHarness(options);
  harness.authority.createTopic('orders', [
    [1, 2, 3],
    [2, 3, 1],
    [3, 1, 2],
  ]);
  harness.run(50);
  const coordinator = harness.coordinatorOf(GROUP);
  const joins = [
    harness.joinWithId(coordinator, GROUP, { connection: 'a' }),
    harness.joinWithId(coordinator, GROUP, { connection: 'b' }),
  ];
  const [a, b] = joins.map((join) => harness.await(join));
  const syncB = harness.sync(coordinator, GROUP, { generation: 1, memberId: b!.memberId, connection: 'b' });
  const assignments = { [a!.memberId]: [0, 1], [b!.memberId]: [2] };
  const syncA = harness.sync(coordinator, GROUP, { generation: 1, memberId: a!.memberId, assignments });
  expect([harness.await(syncA).errorCode, harness.await(syncB).errorCode]).toEqual([0, 0]);
  return { harness, coordinator, members: [a!.memberId, b!.memberId] };
}

/** Another broker of the ISR leads the group's partition; the old leader is out of it. */
function moveAway({ harness, coordinator }: Begun): number {
  const { isr } = harness.authority.partition(PARTITION);
  const rest = isr.filter((id) => id !== coordinator);
  harness.authority.change(PARTITION, { leader: rest[0]!, isr: rest });
  harness.run(100);
  return rest[0]!;
}

test('two members share a topic; what they commit is replicated and read back', () => {
  const { harness, coordinator, members } = begun();
  expect(harness.lines('group-assignment-delivered').map((line) => line.split(' ').at(-1))).toEqual([
    'partitions=[orders-0,orders-1]',
    'partitions=[orders-2]',
  ]);
  expect(harness.commit(coordinator, GROUP, 42, { generation: 1, memberId: members[0]! })).toBe(0);
  expect(harness.committed(coordinator, GROUP)).toBe(42);
  const other = (coordinator % 3) + 1;
  expect(errorName(harness.heartbeat(other, GROUP, 1, members[0]!))).toBe('NOT_COORDINATOR');
});

test('a killed coordinator: the next one has the members, the generation and the offsets', () => {
  const begin = begun();
  const { harness, coordinator, members } = begin;
  expect(harness.commit(coordinator, GROUP, 42, { generation: 1, memberId: members[0]! })).toBe(0);
  harness.node(coordinator).kill();
  const next = moveAway(begin);
  expect(harness.lines('group-loaded').at(-1)).toBe(
    `broker-${next} group-loaded group=${GROUP} partition=${PARTITION.split('-')[1]} state=Stable generation=1 protocol=range leader=${members[0]} members=[${members.join(',')}]`,
  );
  expect(harness.committed(next, GROUP)).toBe(42);
  expect(members.map((memberId) => errorName(harness.heartbeat(next, GROUP, 1, memberId)))).toEqual(['NONE', 'NONE']);
  // The sessions began anew with the load, and end without further heartbeats.
  harness.run(9_500);
  expect(harness.lines('group-member-left')).toEqual([]);
  harness.run(1_000);
  expect(harness.lines('group-member-left')).toHaveLength(2);
});

test('a coordinator that resigns answers who waits, and its partition is led on', () => {
  const begin = begun();
  const { harness, coordinator, members } = begin;
  const rejoin = harness.join(coordinator, GROUP, { memberId: members[0]! });
  harness.run(20);
  expect(rejoin.value).toBeUndefined();
  const next = moveAway(begin);
  expect(errorName(rejoin.value!.errorCode)).toBe('NOT_COORDINATOR');
  expect(errorName(harness.heartbeat(coordinator, GROUP, 1, members[0]!))).toBe('NOT_COORDINATOR');
  expect(errorName(harness.heartbeat(next, GROUP, 1, members[0]!))).toBe('NONE');
  // The unstored generation 2 is issued by the next coordinator.
  const again = members.map((memberId, i) => harness.join(next, GROUP, { memberId, connection: 'ab'[i]! }));
  expect(again.map((join) => harness.await(join).generationId)).toEqual([2, 2]);
});

test('a commit is answered when the ISR has it, or after offsets.commit.timeout.ms, and not taken without a quorum', () => {
  const { harness, coordinator, members } = begun();
  const member = { generation: 1, memberId: members[0]! };
  const followers = [1, 2, 3].filter((id) => id !== coordinator);
  for (const id of followers) harness.node(id).pause();
  const before = harness.world.nowUs;
  expect(errorName(harness.commit(coordinator, GROUP, 7, member))).toBe('COORDINATOR_NOT_AVAILABLE');
  expect((harness.world.nowUs - before) / 1_000_000).toBeCloseTo(5, 1);
  for (const id of followers) harness.authority.fence(id, true);
  harness.authority.change(PARTITION, { isr: [coordinator] });
  harness.authority.setConfig('__consumer_offsets', 'min.insync.replicas', '2');
  harness.run(100);
  expect(errorName(harness.commit(coordinator, GROUP, 8, member))).toBe('COORDINATOR_NOT_AVAILABLE');
  harness.authority.setConfig('__consumer_offsets', 'min.insync.replicas', '1');
  harness.run(100);
  expect(errorName(harness.commit(coordinator, GROUP, 9, member))).toBe('NONE');
  expect(harness.committed(coordinator, GROUP)).toBe(9);
});

test('with every message encoded the trace is the same', () => {
  const hashes = [false, true].map((encode) => {
    const begin = begun({ encode });
    const { harness, coordinator, members } = begin;
    harness.commit(coordinator, GROUP, 42, { generation: 1, memberId: members[0]! });
    harness.committed(coordinator, GROUP);
    const next = moveAway(begin);
    harness.heartbeat(next, GROUP, 1, members[1]!);
    harness.run(12_000);
    return harness.world.trace.hash();
  });
  expect(hashes[0]).toBe(hashes[1]);
});

test('Kafka 3.9 in ZooKeeper mode coordinates the same way', () => {
  const { harness, coordinator, members } = begun({ mode: 'zookeeper' });
  expect(harness.commit(coordinator, GROUP, 5, { generation: 1, memberId: members[1]!, connection: 'b' })).toBe(0);
  expect(harness.committed(coordinator, GROUP)).toBe(5);
});

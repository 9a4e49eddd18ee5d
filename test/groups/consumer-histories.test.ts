/** Random histories of consumer groups (KIP-848): members that come, go, freeze and come back, writes that fail, coordinators that change. */
import { expect, test } from 'vitest';
import { written } from '../../src/broker/groups/consumer/assignment.ts';
import type { ConsumerGroup } from '../../src/broker/groups/consumer/consumer-group.ts';
import { decodeGroupRecord } from '../../src/broker/groups/group-records.ts';
import { GroupState } from '../../src/broker/groups/group-state.ts';
import { ConsumerGroupHeartbeat } from '../../src/protocol/apis/68-consumer-group-heartbeat.ts';
import { errorCodeOf, errorName } from '../../src/protocol/errors.ts';
import { GroupStage } from './group-stage.ts';

const GROUP = 'g';
const RETRIED = ['COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS'];
const SUBSCRIPTIONS = [['orders'], ['orders', 'other'], ['orders', 'other', 'later-1', 'later-2']];

interface Client {
  readonly name: string;
  readonly instanceId: string | null;
  memberId: string;
  /** 0: it is to join. */
  epoch: number;
  /** What it reads; only it changes that. */
  holds: Set<string>;
  /** What it was told to have. */
  told: Set<string>;
  topics: readonly string[];
  waiting: boolean;
  frozen: boolean;
}

class History {
  readonly stage: GroupStage;
  readonly clients: Client[];
  private state: number;
  private lives = 0;

  constructor(seed: number, release: '3.9' | '4.0' | '4.2') {
    this.state = seed;
    const config = { 'group.coordinator.rebalance.protocols': 'classic,consumer' };
    this.stage = new GroupStage({ release, config });
    this.clients = Array.from({ length: 5 }, (_, i) => ({
      name: `c${i}`,
      instanceId: i < 2 ? `instance-${i}` : null,
      memberId: `c${i}`,
      epoch: 0,
      holds: new Set(),
      told: new Set(),
      topics: SUBSCRIPTIONS[i % 3]!,
      waiting: false,
      frozen: false,
    }));
  }

  below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return (this.state >>> 8) % limit;
  }

  get live(): ConsumerGroup | undefined {
    return this.stage.coordinator.machines.get(0)?.shard.consumers.get(GROUP)?.group;
  }

  step(): void {
    const client = this.clients[this.below(this.clients.length)]!;
    const dice = this.below(100);
    if (dice < 60) this.beat(client, dice < 20 ? 'silent' : 'full');
    else if (dice < 66) this.leave(client);
    else if (dice < 70) client.frozen = !client.frozen;
    else if (dice < 76) this.obey(client);
    else if (dice < 82) this.stage.run(this.below(20_000));
    else if (dice < 86) this.stage.log.failNext = errorCodeOf('NOT_ENOUGH_REPLICAS')!;
    else if (dice < 90) this.stage.log.holding = true;
    else if (dice < 94) this.stage.log.release(0);
    else if (dice < 96) this.moveCoordinator();
    else if (dice < 97) client.topics = SUBSCRIPTIONS[this.below(3)]!;
    else if (dice < 98) this.newTopic();
    else this.restart(client);
    this.stage.run(1);
  }

  private newTopic(): void {
    const name = `later-${1 + this.below(2)}`;
    if (this.stage.authority.topics.has(name)) return;
    this.stage.authority.createTopic(name, Array(1 + this.below(4)).fill([1]));
    this.stage.refresh();
  }

  private moveCoordinator(): void {
    this.stage.log.release(0);
    this.stage.resign();
    this.stage.elect();
    for (const client of this.clients) client.waiting = false;
  }

  /** The process ends, and another begins with the same instance id. */
  private restart(client: Client): void {
    client.memberId = `${client.name}/${++this.lives}`;
    this.forget(client);
  }

  private forget(client: Client): void {
    client.epoch = 0;
    client.holds = new Set();
    client.told = new Set();
    client.waiting = false;
  }

  /** Stops reading what it may not, and begins with what it may. */
  obey(client: Client): void {
    if (!client.frozen) client.holds = new Set(client.told);
  }

  private leave(client: Client): void {
    if (client.frozen || client.waiting || client.epoch <= 0) return;
    const epoch = client.instanceId !== null && this.below(2) === 0 ? -2 : -1;
    this.send(client, epoch, null);
    this.forget(client);
  }

  beat(client: Client, how: 'full' | 'silent'): void {
    if (client.frozen || client.waiting) return;
    if (client.epoch === 0) this.forget(client);
    // While it is on its way to what it was told, it does not speak of what it holds (as the Java client): it would hold more in a moment.
    const arrived = [...client.told].join() === [...client.holds].join();
    const holds = client.epoch === 0 || (how === 'full' && arrived) ? [...client.holds] : null;
    client.waiting = true;
    this.send(client, client.epoch, holds);
  }

  private send(client: Client, memberEpoch: number, holds: readonly string[] | null): void {
    const { memberId } = client;
    const topicPartitions = holds?.map((name) => this.topicPartition(name)) ?? null;
    const body = ConsumerGroupHeartbeat.request.make({
      groupId: GROUP,
      memberId,
      memberEpoch,
      instanceId: client.instanceId,
      rebalanceTimeoutMs: memberEpoch === 0 ? 15_000 : -1,
      subscribedTopicNames: memberEpoch >= 0 ? client.topics : null,
      topicPartitions,
    });
    this.stage.ask(client.name, ConsumerGroupHeartbeat, this.stage.release === '3.9' ? 0 : 1, body, (answer) => {
      if (memberEpoch < 0 || client.memberId !== memberId || !client.waiting) return;
      client.waiting = false;
      const error = errorName(answer.errorCode);
      if (error !== 'NONE') {
        if (RETRIED.includes(error)) return;
        if (
          ![
            'FENCED_MEMBER_EPOCH',
            'UNKNOWN_MEMBER_ID',
            'FENCED_INSTANCE_ID',
            'UNRELEASED_INSTANCE_ID',
            'GROUP_ID_NOT_FOUND',
          ].includes(error)
        )
          throw new Error(`${client.name}: ${error} ${answer.errorMessage}`);
        this.forget(client);
        return;
      }
      client.epoch = answer.memberEpoch;
      if (answer.assignment === null) return;
      client.told = new Set(
        answer.assignment.topicPartitions.flatMap(({ topicId, partitions }) =>
          partitions.map((p) => `${topicId}/${p}`),
        ),
      );
    });
  }

  private topicPartition(name: string) {
    const [topicId, partition] = name.split('/');
    return { topicId: topicId!, partitions: [Number(partition)] };
  }

  /** No partition has two owners: neither for the coordinator, nor among clients that are members still. */
  check(): void {
    const stored = this.stage.coordinator.machines.get(0)?.shard.stored.groups.get(GROUP)?.consumer;
    for (const group of [this.live, stored]) {
      if (group === undefined || group === null) continue;
      const owners = new Map<string, string>();
      for (const { memberId, assigned, pending, epoch } of group.members.values()) {
        if (epoch > group.assignmentEpoch)
          throw new Error(`${memberId} is at ${epoch}, beyond ${group.assignmentEpoch}`);
        for (const of of [assigned, pending])
          for (const [topicId, partitions] of of)
            for (const partition of partitions) claim(owners, `${topicId}/${partition}`, memberId);
      }
      if (group.assignmentEpoch > group.epoch)
        throw new Error(`a target of ${group.assignmentEpoch} beyond ${group.epoch}`);
    }
    const readers = new Map<string, string>();
    for (const { memberId, holds, epoch } of this.clients) {
      if (epoch === 0 || !this.isMember(memberId)) continue;
      for (const partition of holds) claim(readers, partition, memberId);
    }
  }

  private isMember(memberId: string): boolean {
    return this.live?.members.has(memberId) === true;
  }

  /** Nothing fails any more; everybody is there and does what it is told. */
  heal(): void {
    const { stage } = this;
    stage.log.failNext = 0;
    stage.log.holding = false;
    stage.log.release(0);
    stage.run(100);
    for (const client of this.clients) {
      client.frozen = false;
      client.waiting = false;
      client.topics = SUBSCRIPTIONS[2]!;
    }
    for (let round = 0; round < 40; round++) {
      for (const client of this.clients) {
        this.beat(client, 'full');
        stage.run(1);
        this.obey(client);
        this.check();
      }
      stage.run(3000);
    }
  }
}

function claim(owners: Map<string, string>, partition: string, memberId: string): void {
  const other = owners.get(partition);
  if (other !== undefined && other !== memberId) throw new Error(`${partition} belongs to ${other} and to ${memberId}`);
  owners.set(partition, memberId);
}

/** All that a group is, as text. */
function textOf(group: ConsumerGroup | null | undefined): string {
  if (group === null || group === undefined) return 'none';
  const members = [...group.members.values()].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const { epoch, assignmentEpoch, metadataHash } = group;
  const plain = members.map((member) => ({
    ...member,
    assigned: written(member.assigned),
    pending: written(member.pending),
    target: written(member.target),
  }));
  return JSON.stringify({ epoch, assignmentEpoch, metadataHash, plain });
}

test.each(['4.2', '4.0', '3.9'] as const)('random histories of a consumer group, Kafka %s', (release) => {
  for (let seed = 1; seed <= 15; seed++) {
    const history = new History(seed * 7919, release);
    for (let i = 0; i < 250; i++) {
      history.step();
      history.check();
    }
    history.heal();
    const group = history.live!;
    expect([seed, group.state]).toEqual([seed, 'Stable']);
    const partitions = [...history.stage.authority.topics.values()]
      .filter(({ name }) => SUBSCRIPTIONS[2]!.includes(name))
      .flatMap(({ id, partitions: all }) => all.map(({ partition }) => `${id}/${partition}`));
    expect(history.clients.flatMap(({ holds }) => [...holds]).sort()).toEqual(partitions.sort());
    const shares = history.clients.map(({ holds }) => holds.size);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    const rebuilt = new GroupState();
    for (const record of history.stage.log.records) rebuilt.apply(decodeGroupRecord(record)!, 0);
    expect(textOf(rebuilt.groups.get(GROUP)?.consumer)).toBe(textOf(group));
  }
});

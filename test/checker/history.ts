/** Literal histories for tests of checkers: events told to a trace, as the machines would tell them. */
import { brokerEvents } from '../../src/broker/events.ts';
import { attachChecker } from '../../src/checker/checker.ts';
import type { Invariant } from '../../src/checker/invariant.ts';
import { clientEvents } from '../../src/client/events.ts';
import type { RunChecker } from '../../src/cluster/ports.ts';
import { authorityEvents } from '../../src/coordinator/index.ts';
import { sha256 } from '../../src/gateway/digest.ts';
import type { EventId, EventKind, FieldValue, World } from '../../src/kernel/api.ts';
import { createWorld } from '../../src/kernel/world.ts';
import { storageEvents } from '../../src/storage/events.ts';

export class History {
  readonly world: World = createWorld({ seed: 1, digest: sha256 });
  readonly checker: RunChecker;
  #version = 0;

  constructor(invariants?: readonly Invariant[]) {
    this.checker = attachChecker(this.world.trace, this.world, invariants);
  }

  event(node: string, kind: EventKind, ...values: FieldValue[]): EventId {
    if (this.world.node(node) === undefined) this.world.addNode({ name: node });
    return this.world.emit(kind, values, 0, node);
  }

  /** The authority's state of orders-0; replicas are 1, 2, 3. */
  partition(leader: number, leaderEpoch: number, partitionEpoch: number, isr: number[], unclean = false): this {
    this.#version += 1;
    const values = [
      this.#version,
      'orders-0',
      'T',
      leader,
      leaderEpoch,
      partitionEpoch,
      isr,
      [1, 2, 3],
      [],
      unclean,
      '',
    ];
    this.event('controller-1001', authorityEvents['partition-changed'], ...values);
    return this;
  }

  leads(broker: number, leaderEpoch: number): this {
    this.event(`broker-${broker}`, brokerEvents['became-leader'], 'orders-0', leaderEpoch, 0, [1, 2, 3], [1, 2, 3], 0);
    return this;
  }

  follows(broker: number, leader: number, leaderEpoch: number): this {
    this.event(`broker-${broker}`, brokerEvents['became-follower'], 'orders-0', leader, leaderEpoch, 0);
    return this;
  }

  /** A batch of `count` records with this checksum in a replica's log. */
  append(
    broker: number,
    baseOffset: number,
    count: number,
    leaderEpoch: number,
    crc: number,
    origin = 'follower',
  ): this {
    const kind = storageEvents['records-appended'];
    this.event(
      `broker-${broker}`,
      kind,
      'orders-0',
      baseOffset,
      baseOffset + count - 1,
      leaderEpoch,
      origin,
      -1,
      -1,
      crc,
    );
    return this;
  }

  highWatermark(broker: number, offset: number): this {
    this.event(`broker-${broker}`, storageEvents['high-watermark-advanced'], 'orders-0', offset);
    return this;
  }

  truncate(broker: number, from: number, to: number): this {
    this.event(`broker-${broker}`, storageEvents['log-truncated'], 'orders-0', from, to, 0);
    return this;
  }

  send(client: string, serials: number[], crc: number, acks = -1): this {
    for (const serial of serials) this.event(client, clientEvents['record-sent'], 'orders-0', serial, 'k');
    this.event(client, clientEvents['batch-sent'], 'orders-0', serials, -1, -1, -1, crc, acks, 1, 1);
    return this;
  }

  acknowledge(client: string, serials: number[], baseOffset: number, acks = -1): this {
    this.event(client, clientEvents['batch-acknowledged'], 'orders-0', serials, baseOffset, acks, 1000);
    return this;
  }

  fail(client: string, serials: number[], error: string, definite: boolean): this {
    this.event(client, clientEvents['batch-failed'], 'orders-0', serials, error, definite, 1);
    return this;
  }

  deliver(group: string, first: number, last: number): this {
    this.event('billing', clientEvents['records-delivered'], group, 'orders-0', first, last);
    return this;
  }

  position(group: string, offset: number, reason = 'earliest'): this {
    this.event('billing', clientEvents['position-reset'], group, 'orders-0', offset, reason);
    return this;
  }

  /** Three replicas with one committed batch of two records (serials 1 and 2 of web, checksum 11) in epoch 0. */
  static replicated(invariants?: readonly Invariant[]): History {
    return new History(invariants)
      .partition(1, 0, 0, [1, 2, 3])
      .leads(1, 0)
      .follows(2, 1, 0)
      .follows(3, 1, 0)
      .send('web', [1, 2], 11)
      .append(1, 0, 2, 0, 11, 'leader')
      .append(2, 0, 2, 0, 11)
      .append(3, 0, 2, 0, 11)
      .highWatermark(1, 2)
      .acknowledge('web', [1, 2], 0)
      .highWatermark(2, 2)
      .highWatermark(3, 2);
  }

  broken(): string[] {
    return this.checker.violations().map(({ invariant }) => invariant);
  }
}

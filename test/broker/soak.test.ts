import { expect, test } from 'vitest';
import type { RuleHandle } from '../../src/kernel/api.ts';
import { ErrorCode } from '../../src/protocol/errors.ts';
import { batches, decodeRecords } from '../../src/protocol/record-batch.ts';
import { answerOf, Harness } from './harness.ts';

const TOPIC = 'orders';
const PARTITIONS = 3;
const BROKERS = [1, 2, 3];
const STEPS = 60;

interface Sent {
  readonly value: string;
  readonly partition: string;
  readonly acks: number;
  readonly answer: ReturnType<Harness['produce']>;
}

/** What a controller does, as far as it matters here: fences the dead, shrinks ISRs, elects from the ISR in order of assignment. */
class Controller {
  private readonly h: Harness;

  constructor(h: Harness) {
    this.h = h;
  }

  noticeDeath(id: number): void {
    this.h.authority.fence(id, true);
    for (const name of names()) {
      const { isr, leader } = this.h.authority.partition(name);
      const rest = isr.filter((member) => member !== id);
      if (isr.includes(id) && rest.length > 0) this.h.authority.change(name, { isr: rest });
      if (leader === id) this.h.authority.change(name, { leader: -1 });
    }
    this.elect();
  }

  elect(): void {
    const { authority } = this.h;
    for (const name of names()) {
      const { isr, leader, replicas } = authority.partition(name);
      const heir = replicas.find((id) => isr.includes(id) && authority.brokers.get(id)?.fenced === false);
      if (leader === -1 && heir !== undefined) authority.change(name, { leader: heir });
    }
  }

  /** Somebody else of the ISR leads, for no reason. */
  move(name: string, by: number): void {
    const { isr } = this.h.authority.partition(name);
    const live = isr.filter((id) => this.h.authority.brokers.get(id)?.fenced === false);
    if (live.length > 0) this.h.authority.change(name, { leader: live[by % live.length]! });
  }
}

function names(): string[] {
  return Array.from({ length: PARTITIONS }, (_, p) => `${TOPIC}-${p}`);
}

/** One run: faults and records drawn from the seed, then peace. */
function play(seed: number) {
  const h = new Harness({
    seed,
    mode: seed % 3 === 0 ? 'zookeeper' : 'kraft',
    encode: seed % 5 === 0,
    config: { 'replica.lag.time.max.ms': '3000', 'num.replica.fetchers': String(1 + (seed % 2)) },
  });
  const controller = new Controller(h);
  const chance = h.world.chance('soak');
  h.authority.createTopic(
    TOPIC,
    [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ],
    { 'min.insync.replicas': '2', 'segment.bytes': '1024' },
  );
  h.run(1000);
  const sent: Sent[] = [];
  const dead = new Set<number>();
  let cuts: RuleHandle[] = [];
  const step = (): void => {
    const victim = chance.pick(BROKERS);
    switch (chance.below(12)) {
      case 0:
        if (dead.size < 2 && h.node(victim).kill()) {
          dead.add(victim);
          h.run(chance.between(0, 300));
          controller.noticeDeath(victim);
        }
        break;
      case 1:
      case 2:
        for (const id of dead) revive(id);
        break;
      case 3:
        controller.move(chance.pick(names()), chance.below(3));
        break;
      case 4:
        cuts.push(h.world.network.install({ name: 'cut', matches: isolates(victim), effect: { kind: 'block' } }));
        break;
      case 5:
      case 6:
        for (const cut of cuts) cut.remove();
        cuts = [];
        break;
      case 7:
        h.world.network.reset((a, b) => a === `broker-${victim}` || b === `broker-${victim}`);
        break;
      default:
        for (let i = chance.below(6); i >= 0; i--) produce();
    }
    h.run(chance.between(1, 900));
  };
  const produce = (): void => {
    const partition = chance.pick(names());
    const { leader } = h.authority.partition(partition);
    if (leader < 0 || dead.has(leader)) return;
    const value = `${sent.length}`;
    const acks = chance.oneIn(1, 4) ? 1 : -1;
    const connection = `p${sent.length}`;
    sent.push({
      value,
      partition,
      acks,
      answer: h.produce(leader, partition, { acks, values: [value], timeoutMs: 4000, connection }),
    });
  };
  const revive = (id: number): void => {
    h.start(id);
    dead.delete(id);
    h.run(20);
    controller.elect();
  };
  for (let i = 0; i < STEPS; i++) step();
  for (const cut of cuts) cut.remove();
  for (const id of [...dead]) revive(id);
  h.run(60_000);
  // A follower that was told to cut its log has heard the watermark of that moment, and not taken it; it takes the next one.
  for (const name of names())
    h.produced(h.authority.partition(name).leader, name, { values: ['last'], connection: 'last' });
  h.run(2000);
  return { h, sent };
}

const isolates = (id: number) => (from: string, to: string) =>
  from.startsWith('broker-') && to.startsWith('broker-') && (from === `broker-${id}` || to === `broker-${id}`);

/** What a broker's replica holds, as a consumer reads it there. */
function contents(
  h: Harness,
  broker: number,
  partition: string,
): { readonly offset: number; readonly value: string }[] {
  const records: { offset: number; value: string }[] = [];
  for (let offset = 0; ; ) {
    const pending = h.fetch(broker, partition, offset, {
      maxWaitMs: 0,
      connection: 'reader',
    });
    h.run(20);
    const data = pending.value!.responses[0]!.partitions[0]!;
    expect(data.errorCode).toBe(ErrorCode.NONE);
    if (data.records === null || data.records.length === 0) return records;
    for (const batch of batches(data.records)) {
      const decoded = decodeRecords(batch);
      if (decoded.kind !== 'records') throw new Error('unreadable');
      for (const { offset: at, value } of decoded.records)
        records.push({ offset: at, value: new TextDecoder().decode(value!) });
      offset = batch.nextOffset;
    }
  }
}

test.each(Array.from({ length: 40 }, (_, i) => i + 1))(
  'after faults, all replicas agree and hold what was acknowledged (seed %i)',
  (seed) => {
    const { h, sent } = play(seed);
    for (const partition of names()) {
      expect(h.authority.partition(partition).isr.toSorted()).toEqual(BROKERS);
      const [first, ...others] = BROKERS.map((broker) => contents(h, broker, partition));
      for (const other of others) expect(other).toEqual(first);
      expect(first!.map(({ offset }) => offset)).toEqual(first!.map((_, i) => i));
      const byValue = new Map(first!.map(({ value, offset }) => [value, offset]));
      expect(byValue.size).toBe(first!.length);
      for (const { value, answer, acks, partition: to } of sent) {
        const result = answerOf(answer);
        if (to === partition && acks === -1 && result?.errorCode === 0)
          expect([value, byValue.get(value)]).toEqual([value, result.baseOffset]);
      }
    }
    // The run did something.
    expect(sent.filter(({ answer }) => answerOf(answer)?.errorCode === 0).length).toBeGreaterThan(10);
  },
);

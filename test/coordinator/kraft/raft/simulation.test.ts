import { expect, test } from 'vitest';
import type { Entry } from './simulated-log.ts';
import { type Member, SimulatedQuorum } from './simulated-quorum.ts';

/** A small generator of chance for tests (splitmix32). */
function chanceOf(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % bound;
  };
}

/** Names as in Kafka's RaftEventSimulationTest. Each throws at the first step that breaks it. */
class Invariants {
  readonly committed: Entry[] = [];
  private readonly leaders = new Map<number, number>();
  private readonly votes = new Map<string, number>();
  private steps = 0;
  private readonly quorum: SimulatedQuorum;

  constructor(quorum: SimulatedQuorum) {
    this.quorum = quorum;
  }

  readonly check = (member: Member): void => {
    const { raft, id } = member;
    if (raft === null) return;
    if (raft.epoch < member.epochSeen) throw new Error(`epoch of ${id} went back to ${raft.epoch}`);
    member.epochSeen = raft.epoch;
    this.singleLeader(member);
    this.oneVote(member);
    this.consistentCommittedData(member);
    if (++this.steps % 200 === 0) this.logMatching();
  };

  private singleLeader(member: Member): void {
    const { raft, id, log } = member;
    if (raft?.role.kind !== 'leader') return;
    const known = this.leaders.get(raft.epoch);
    if (known !== undefined && known !== id) throw new Error(`${known} and ${id} both lead epoch ${raft.epoch}`);
    if (known === undefined) {
      this.leaders.set(raft.epoch, id);
      this.committed.forEach((entry, offset) => {
        if (log.entries[offset]?.payload !== entry.payload) throw new Error(`leader ${id} lacks offset ${offset}`);
      });
    }
  }

  private oneVote({ id, stored }: Member): void {
    if (stored === null || stored.votedId < 0) return;
    const key = `${id}@${stored.leaderEpoch}`;
    const before = this.votes.get(key);
    if (before !== undefined && before !== stored.votedId)
      throw new Error(`${key} voted for ${before} and ${stored.votedId}`);
    this.votes.set(key, stored.votedId);
  }

  private consistentCommittedData({ id, log, highWatermark }: Member): void {
    if (highWatermark > log.endOffset) throw new Error(`high watermark of ${id} is beyond its log`);
    for (let offset = 0; offset < highWatermark; offset++) {
      const entry = log.entries[offset]!;
      const known = this.committed[offset];
      if (known === undefined) this.committed.push(entry);
      else if (known.payload !== entry.payload || known.epoch !== entry.epoch) {
        throw new Error(`${id} disagrees about the committed offset ${offset}`);
      }
    }
  }

  private logMatching(): void {
    const logs = [...this.quorum.members.values()].map(({ log }) => log.entries);
    for (const a of logs) {
      for (const b of logs) {
        let agreed = Math.min(a.length, b.length);
        while (agreed > 0 && a[agreed - 1]!.epoch !== b[agreed - 1]!.epoch) agreed--;
        for (let i = 0; i < agreed; i++) {
          if (a[i]!.payload !== b[i]!.payload) throw new Error(`logs differ at ${i} below an agreeing offset`);
        }
      }
    }
  }
}

function simulate(seed: number): { quorum: SimulatedQuorum; invariants: Invariants } {
  const below = chanceOf(seed);
  const voters = below(2) === 0 ? [1, 2, 3] : [1, 2, 3, 4, 5];
  const cuts = new Set<string>();
  let lossPerMille = 0;
  const quorum = new SimulatedQuorum(voters, [11], {
    delayMs: (from, to) =>
      cuts.has(`${from}>${to}`) || below(1000) < lossPerMille ? null : 1 + below(below(10) === 0 ? 300 : 8),
    flushMs: () => (below(20) === 0 ? below(200) : below(4)),
    chance: () => below(0x100000000),
  });
  const invariants = new Invariants(quorum);
  quorum.afterStep = invariants.check;
  const all = [...quorum.members.keys()];
  for (const id of all) quorum.start(id);
  lossPerMille = below(3) * 20;
  for (let round = 0; round < 150; round++) {
    quorum.run(below(400));
    const id = all[below(all.length)]!;
    const other = all[below(all.length)]!;
    switch (below(8)) {
      case 0:
        quorum.crash(id);
        break;
      case 1:
      case 2:
        quorum.start(id);
        break;
      case 3:
        cuts.add(`${id}>${other}`);
        if (below(2) === 0) cuts.add(`${other}>${id}`);
        break;
      case 4:
        cuts.clear();
        break;
      default:
        for (const voter of voters) quorum.append(voter, 1 + below(3));
    }
  }
  cuts.clear();
  lossPerMille = 0;
  for (const id of all) quorum.start(id);
  quorum.run(20_000);
  return { quorum, invariants };
}

test('a quorum keeps its promises under lost, late and reordered messages and crashes, and heals', () => {
  let committed = 0;
  let elections = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const { quorum, invariants } = simulate(seed);
    const members = [...quorum.members.values()];
    const leaders = members.filter(({ raft }) => raft?.role.kind === 'leader');
    expect(leaders.length, `seed ${seed}: one leader after the faults`).toBe(1);
    const { raft, log } = leaders[0]!;
    for (const member of members) {
      expect(member.raft?.epoch, `seed ${seed}: epoch of ${member.id}`).toBe(raft?.epoch);
      expect(member.highWatermark, `seed ${seed}: everything is committed on ${member.id}`).toBe(log.endOffset);
    }
    committed += invariants.committed.length;
    elections += raft!.epoch;
  }
  // The runs must have done something worth checking.
  expect(committed).toBeGreaterThan(120 * 30);
  expect(elections).toBeGreaterThan(120 * 3);
});

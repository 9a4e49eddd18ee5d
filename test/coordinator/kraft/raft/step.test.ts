import { describe, expect, test } from 'vitest';
import type { FetchRequest, VoteRequest } from '../../../../src/coordinator/kraft/raft/messages.ts';
import { createRaft, type Raft } from '../../../../src/coordinator/kraft/raft/state.ts';
import { step } from '../../../../src/coordinator/kraft/raft/step.ts';
import type { ElectionState, RaftEffect, RaftInput } from '../../../../src/coordinator/kraft/raft/types.ts';
import { SimulatedLog } from './simulated-log.ts';

const nobody = { respond: () => {} };

/** One voter of three, with nobody around it but the test. */
class Solo {
  readonly log = new SimulatedLog();
  readonly raft: Raft;
  nowMs = 0;

  constructor(epochs: readonly number[], stored: ElectionState | null) {
    this.log.append(epochs.map((epoch) => ({ epoch, payload: 1 })));
    this.log.flushed = epochs.length;
    this.raft = createRaft(
      {
        nodeId: 1,
        clusterId: 'c',
        voters: [1, 2, 3],
        electionTimeoutMs: 1000,
        fetchTimeoutMs: 2000,
        electionBackoffMaxMs: 1000,
        retryBackoffMs: 20,
        fetchMaxWaitMs: 500,
      },
      this.log,
    );
    this.give({ kind: 'start', stored });
  }

  give(input: RaftInput): readonly RaftEffect[] {
    return step(this.raft, input, this.nowMs, 0);
  }

  after(ms: number): readonly RaftEffect[] {
    this.nowMs += ms;
    return this.give({ kind: 'timer' });
  }

  vote(fields: Partial<VoteRequest>): readonly RaftEffect[] {
    const request = {
      kind: 'vote',
      clusterId: 'c',
      voterId: 1,
      replicaEpoch: 2,
      replicaId: 2,
      preVote: false,
    } as const;
    const end = { lastEpoch: this.log.lastEpoch, lastOffset: this.log.endOffset };
    return this.give({ kind: 'request', asker: nobody, request: { ...request, ...end, ...fields } });
  }

  fetch(
    replicaId: number,
    fetchOffset: number,
    lastFetchedEpoch: number,
    fields: Partial<FetchRequest> = {},
  ): readonly RaftEffect[] {
    const request = {
      kind: 'fetch',
      clusterId: 'c',
      replicaId,
      currentLeaderEpoch: this.raft.epoch,
      maxWaitMs: 500,
    } as const;
    return this.give({
      kind: 'request',
      asker: nobody,
      request: { ...request, fetchOffset, lastFetchedEpoch, highWatermark: -1, ...fields },
    });
  }

  /** Lets it stand and win, and writes and flushes the first record of its epoch. */
  elect(): void {
    const answer = (voteGranted: boolean) => {
      const response = { kind: 'vote', errorCode: 0, leaderId: -1, leaderEpoch: this.raft.epoch, voteGranted } as const;
      return this.give({ kind: 'response', requestId: this.raft.lines.get(2)!.requestId, response });
    };
    this.after(1000);
    answer(true);
    answer(true);
    this.log.append([{ epoch: this.raft.epoch, payload: 0 }]);
    this.give({ kind: 'appended' });
    this.give({ kind: 'flushed', endOffset: this.log.endOffset });
  }
}

const kinds = (effects: readonly RaftEffect[]) => effects.map(({ kind }) => kind);
const stateOf = (leaderEpoch: number, leaderId: number, votedId = -1): ElectionState => ({
  leaderId,
  leaderEpoch,
  votedId,
});

describe('what a process starts as', () => {
  const cases: [string, number[], ElectionState | null, string, number][] = [
    ['nothing stored', [], null, 'unattached', 0],
    ['a log that is ahead of what is stored', [1, 3], stateOf(2, 2), 'unattached', 3],
    ['it led: it may lack what it had not flushed, and has voted', [1, 2], stateOf(2, 1), 'resigned', 2],
    ['it stood for election', [1], stateOf(2, -1, 1), 'candidate', 2],
    ['another led', [1], stateOf(2, 3), 'follower', 2],
    ['it voted for another', [1], stateOf(2, -1, 3), 'unattached', 2],
  ];
  test.each(cases)('%s', (_name, epochs, stored, role, epoch) => {
    const { raft } = new Solo(epochs, stored);
    expect([raft.role.kind, raft.epoch]).toEqual([role, epoch]);
  });
});

describe('a vote', () => {
  test('is durable before it is answered, and given once an epoch', () => {
    const solo = new Solo([1], stateOf(1, -1));
    const effects = solo.vote({ replicaEpoch: 2, replicaId: 2 });
    expect(kinds(effects).indexOf('persist')).toBeGreaterThanOrEqual(0);
    expect(kinds(effects).lastIndexOf('persist')).toBeLessThan(kinds(effects).indexOf('respond'));
    expect(effects.findLast(({ kind }) => kind === 'persist')).toMatchObject({ state: { leaderEpoch: 2, votedId: 2 } });
    expect(solo.vote({ replicaEpoch: 2, replicaId: 3 }).at(-1)).toMatchObject({ response: { voteGranted: false } });
    expect(solo.vote({ replicaEpoch: 2, replicaId: 2 }).find(({ kind }) => kind === 'respond')).toMatchObject({
      response: { voteGranted: true },
    });
  });

  test('is not given to a shorter log, and its epoch counts all the same', () => {
    const solo = new Solo([1, 2], stateOf(2, -1));
    const effects = solo.vote({ replicaEpoch: 5, lastEpoch: 1, lastOffset: 9 });
    expect(effects.find(({ kind }) => kind === 'respond')).toMatchObject({
      response: { voteGranted: false, leaderEpoch: 5 },
    });
    expect(solo.raft.votedId).toBe(-1);
  });

  test('for an old epoch, a wrong cluster or another voter is refused with the reason', () => {
    const solo = new Solo([1], stateOf(4, -1));
    const codeOf = (effects: readonly RaftEffect[]) => {
      const respond = effects.find(({ kind }) => kind === 'respond');
      return respond?.kind === 'respond' ? respond.response.errorCode : undefined;
    };
    expect(codeOf(solo.vote({ replicaEpoch: 3 }))).toBe(74);
    expect(codeOf(solo.vote({ replicaEpoch: 5, clusterId: 'other' }))).toBe(104);
    expect(codeOf(solo.vote({ replicaEpoch: 5, voterId: 9 }))).toBe(125);
    expect(codeOf(solo.vote({ replicaEpoch: 5, lastEpoch: 5 }))).toBe(42);
  });
});

describe('a leader', () => {
  test('commits nothing of earlier epochs before something of its own is on a majority', () => {
    const solo = new Solo([1, 1, 2], stateOf(2, -1));
    solo.elect();
    expect(solo.raft.role.kind).toBe('leader');
    // Node 2 has everything of epoch 2, which makes a majority of it: no reason to commit.
    expect(kinds(solo.fetch(2, 3, 2))).not.toContain('high-watermark');
    expect(solo.fetch(2, 4, 3).find(({ kind }) => kind === 'high-watermark')).toMatchObject({ offset: 4 });
  });

  test('counts itself only with what it has flushed', () => {
    const solo = new Solo([1], stateOf(1, -1));
    solo.elect();
    solo.log.append([{ epoch: 2, payload: 5 }]);
    solo.give({ kind: 'appended' });
    expect(solo.fetch(2, 3, 2).find(({ kind }) => kind === 'high-watermark')).toMatchObject({ offset: 2 });
    expect(solo.give({ kind: 'flushed', endOffset: 3 }).find(({ kind }) => kind === 'high-watermark')).toMatchObject({
      offset: 3,
    });
  });

  test('shows a fetch of another history where the histories part', () => {
    const solo = new Solo([1, 1, 3], stateOf(3, -1));
    solo.elect();
    expect(solo.fetch(2, 4, 2)).toMatchObject([
      { kind: 'respond', response: { diverging: { epoch: 1, endOffset: 2 } } },
    ]);
    expect(solo.fetch(2, 2, 1)).toMatchObject([{ kind: 'respond-with-records', fromOffset: 2 }]);
  });

  test('wakes parked fetches by an append, by a new high watermark, and after half a second', () => {
    const solo = new Solo([], null);
    solo.elect();
    expect(kinds(solo.fetch(2, 1, 1, { highWatermark: 1 }))).toEqual(['high-watermark']);
    solo.log.append([{ epoch: 1, payload: 5 }]);
    expect(kinds(solo.give({ kind: 'appended' }))).toEqual(['respond-with-records', 'flush']);
    solo.give({ kind: 'flushed', endOffset: 2 });
    solo.fetch(3, 1, 1, { highWatermark: 1 });
    expect(kinds(solo.fetch(11, 2, 1, { highWatermark: 1 }))).toEqual([]);
    expect(kinds(solo.fetch(2, 2, 1, { highWatermark: 1 }))).toEqual(['high-watermark', 'respond', 'respond']);
    expect(kinds(solo.fetch(2, 2, 1, { highWatermark: 2 }))).toEqual([]);
    expect(kinds(solo.after(500))).toContain('respond');
  });

  test('resigns after one and a half fetch time-outs without a majority, and bumps the epoch when it leaves', () => {
    const solo = new Solo([], null);
    solo.elect();
    solo.fetch(2, 1, 1);
    solo.after(2999);
    expect(solo.raft.role.kind).toBe('leader');
    expect(kinds(solo.after(1))).toContain('role-changed');
    expect(solo.raft.role.kind).toBe('resigned');
    expect(solo.raft.epoch).toBe(1);
    solo.after(1000);
    expect([solo.raft.role.kind, solo.raft.epoch]).toEqual(['unattached', 2]);
  });
});

test('a follower never cuts below what it knows to be committed', () => {
  const solo = new Solo([1, 1], stateOf(1, 2));
  const answer = (fields: object) => {
    const view = {
      kind: 'fetch',
      errorCode: 0,
      leaderId: 2,
      leaderEpoch: 1,
      highWatermark: 2,
      diverging: null,
      records: null,
    } as const;
    return solo.give({ kind: 'response', requestId: solo.raft.lastRequestId, response: { ...view, ...fields } });
  };
  expect(kinds(answer({}))).toContain('high-watermark');
  expect(kinds(answer({ diverging: { epoch: 1, endOffset: 1 } }))).toContain('fatal');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastOffset, leaderEpoch, nextOffset } from '../../src/protocol/batch-header.ts';
import { batches } from '../../src/protocol/record-batch.ts';
import type { PartitionLog } from '../../src/storage/api.ts';
import { append, batch, CONFIG, Machine, WALL_MS } from './harness.ts';

const SMALL = { ...CONFIG, segmentBytes: 700, indexIntervalBytes: 150 };

interface ModelBatch {
  readonly base: number;
  readonly last: number;
  readonly epoch: number;
  readonly timestampMs: number;
  readonly size: number;
}

/** A log as a list of batches, with every question answered by looking at all of them. */
class Model {
  batches: ModelBatch[] = [];
  start = 0;
  end = 0;
  highWatermark = 0;
  epoch = 0;
  epochs: { epoch: number; startOffset: number }[] = [];

  truncateTo(offset: number): void {
    const kept = Math.min(offset, this.end);
    this.epochs = this.epochs.filter((entry) => entry.startOffset < kept);
    if (offset >= this.end) return;
    this.batches = this.batches.filter((b) => b.last < offset);
    this.end = offset;
    this.start = Math.min(this.start, offset);
    this.highWatermark = Math.min(this.highWatermark, offset);
  }

  append(batch: ModelBatch): void {
    this.batches.push(batch);
    this.end = batch.last + 1;
    if (this.epochs.at(-1)?.epoch !== batch.epoch) this.epochs.push({ epoch: batch.epoch, startOffset: batch.base });
  }

  advanceStart(offset: number): void {
    this.start = offset;
    const running = this.epochs.filter((entry) => entry.startOffset <= offset).at(-1);
    this.epochs = this.epochs.filter((entry) => entry.startOffset > offset);
    if (running !== undefined) this.epochs.unshift({ ...running, startOffset: offset });
  }

  endOffsetFor(epoch: number): number {
    const { epochs } = this;
    const latest = epochs.at(-1)?.epoch;
    if (latest === undefined || epoch > latest) return -1;
    return epochs.find((entry) => entry.epoch > epoch)?.startOffset ?? this.end;
  }
}

type Step =
  | { kind: 'append'; records: number; newEpoch: boolean; lateByMs: number; as: 'leader' | 'follower' }
  | { kind: 'truncate'; permille: number; boundary: boolean }
  | { kind: 'restartAt'; ahead: number }
  | { kind: 'commit'; permille: number }
  | { kind: 'advanceStart'; permille: number }
  | { kind: 'reopen'; how: 'kill' | 'clean' }
  | { kind: 'read'; permille: number; upTo: number; maxBytes: number; minOne: boolean }
  | { kind: 'seekTime'; ms: number };

const permille = fc.integer({ min: 0, max: 1000 });
const append_: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('append' as const),
  records: fc.integer({ min: 1, max: 4 }),
  newEpoch: fc.boolean(),
  lateByMs: fc.integer({ min: 0, max: 30 }),
  as: fc.constantFrom('leader' as const, 'follower' as const),
});
const read_: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('read' as const),
  permille,
  upTo: permille,
  maxBytes: fc.constantFrom(1, 80, 200, 500, 100_000),
  minOne: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: append_ },
  { weight: 6, arbitrary: read_ },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('truncate' as const), permille, boundary: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('commit' as const), permille }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('advanceStart' as const), permille }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reopen' as const),
      how: fc.constantFrom('kill' as const, 'clean' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restartAt' as const), ahead: fc.integer({ min: 0, max: 9 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('seekTime' as const), ms: fc.integer({ min: -50, max: 400 }) }),
  },
);

/** Between the log start and the log end. */
function within(model: Model, permille: number): number {
  return model.start + Math.round(((model.end - model.start) * permille) / 1000);
}

class Run {
  readonly machine = new Machine({ defaultConfig: SMALL });
  readonly model = new Model();
  log: PartitionLog = this.machine.log(SMALL);
  #clockMs = WALL_MS;

  step(step: Step): void {
    switch (step.kind) {
      case 'append':
        return this.append(step);
      case 'truncate':
        return this.truncate(step);
      case 'restartAt':
        return this.restartAt(this.model.end + step.ahead);
      case 'commit':
        this.model.highWatermark = within(this.model, step.permille);
        expect(this.log.updateHighWatermark(this.model.highWatermark)).toBe(this.model.highWatermark);
        return;
      case 'advanceStart':
        return this.advanceStart(Math.min(within(this.model, step.permille), this.model.highWatermark));
      case 'reopen':
        return this.reopen(step.how);
      case 'read':
        return this.read(step);
      case 'seekTime':
        return this.seekTime(WALL_MS + step.ms);
    }
  }

  append({ records, newEpoch, lateByMs, as }: Extract<Step, { kind: 'append' }>): void {
    const { model, log } = this;
    if (newEpoch) model.epoch++;
    this.#clockMs += 10;
    const timestampMs = this.#clockMs - lateByMs;
    const values = Array.from({ length: records }, (_, i) => `${model.end + i}`.repeat(1 + (i % 3)));
    const { epoch } = model;
    const bytes = batch(values, { timestampMs, baseOffset: model.end, partitionLeaderEpoch: epoch });
    const last = model.end + records - 1;
    if (as === 'follower') expect(log.appendAsFollower(bytes)).toBe(last);
    else expect(append(log, values, { epoch, timestampMs })).toMatchObject({ baseOffset: model.end, lastOffset: last });
    model.append({ base: model.end, last, epoch, timestampMs, size: bytes.length });
  }

  truncate({ permille, boundary }: Extract<Step, { kind: 'truncate' }>): void {
    const { model } = this;
    let offset = within(model, permille);
    if (boundary) offset = model.batches.find((b) => b.last >= offset)?.base ?? offset;
    const cut = offset < model.end;
    model.truncateTo(offset);
    expect(this.log.truncateTo(offset)).toBe(cut);
  }

  restartAt(offset: number): void {
    const { model } = this;
    model.batches = [];
    model.epochs = [];
    model.start = offset;
    model.end = offset;
    model.highWatermark = offset;
    this.log.truncateFullyAndStartAt(offset);
  }

  advanceStart(offset: number): void {
    this.model.advanceStart(offset);
    this.log.incrementLogStartOffset(offset);
  }

  /** A truncation inside a batch leaves a gap before the log end, which a new process cannot know of. */
  reopen(how: 'kill' | 'clean'): void {
    const { machine, model } = this;
    machine.run(10);
    machine.logs.checkpointHighWatermarks();
    machine.logs.checkpointRecoveryPoints();
    machine.run(10);
    machine.restart(how);
    this.log = machine.log(SMALL);
    const { log } = this;
    const last = model.batches.at(-1);
    if (last !== undefined && last.last >= model.start) expect(log.logEndOffset).toBe(last.last + 1);
    expect(log.logEndOffset).toBeLessThanOrEqual(model.end);
    model.truncateTo(log.logEndOffset);
  }

  read({ permille, upTo, maxBytes, minOne }: Extract<Step, { kind: 'read' }>): void {
    const { model, log } = this;
    const offset = within(model, permille);
    const limit = within(model, upTo);
    const { records, firstOffset } = log.read(offset, maxBytes, limit, minOne)!;
    const readable = model.batches.filter((b) => b.last >= offset && b.last < limit);
    const got = [...batches(records)];
    expect(got.map((b) => [b.baseOffset, b.lastOffset, b.verifyCrc()])).toEqual(
      readable.slice(0, got.length).map((b) => [b.base, b.last, true]),
    );
    expect(got.reduce((sum, b) => sum + b.sizeInBytes, 0)).toBe(records.length);
    expect(firstOffset).toBe(got[0]?.baseOffset ?? offset);
    if (records.length > maxBytes) expect([got.length, minOne]).toEqual([1, true]);
    const first = readable[0];
    if (first !== undefined && (minOne || first.size <= maxBytes)) expect(got.length).toBeGreaterThan(0);
    const next = readable[got.length];
    if (log.segmentCount === 1 && next !== undefined) expect(records.length + next.size).toBeGreaterThan(maxBytes);
  }

  seekTime(timestampMs: number): void {
    const { model, log } = this;
    const live = model.batches.filter((b) => b.last >= model.start);
    const found = live.find((b) => b.timestampMs >= timestampMs);
    const expected = found && {
      offset: Math.max(found.base, model.start),
      timestampMs: found.timestampMs,
      leaderEpoch: found.epoch,
    };
    expect(log.offsetForTimestamp(timestampMs)).toEqual(expected);
    if (model.batches.length === live.length) {
      const latest = Math.max(...live.map((b) => b.timestampMs));
      expect(log.maxTimestamp()?.timestampMs).toBe(live.length === 0 ? undefined : latest);
    }
  }

  /** What must be true after every step, whatever it was. */
  check(): void {
    const { model, log } = this;
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([
      model.start,
      model.highWatermark,
      model.end,
    ]);
    expect(log.lastStableOffset).toBe(model.highWatermark);
    expect(log.recoveryPoint).toBeGreaterThanOrEqual(log.logStartOffset);
    expect(log.recoveryPoint).toBeLessThanOrEqual(log.logEndOffset);
    expect(log.sizeBytes).toBe(model.batches.reduce((sum, b) => sum + b.size, 0));
    expect(log.read(model.start - 1, 1, model.end, true)).toBeUndefined();
    expect(log.read(model.end + 1, 1, model.end + 2, true)).toBeUndefined();
    for (let epoch = 0; epoch <= model.epoch + 1; epoch++) {
      expect(log.epochs.endOffsetFor(epoch, log.logEndOffset).endOffset).toBe(model.endOffsetFor(epoch));
    }
  }

  /** Reads the whole log as a follower does. */
  readAll(): void {
    const seen: number[][] = [];
    for (let offset = this.log.logStartOffset; offset < this.log.logEndOffset; ) {
      const { records } = this.log.read(offset, 150, this.log.logEndOffset, true)!;
      if (records.length === 0) break;
      for (const { bytes, position } of batches(records)) {
        seen.push([bytes.length, lastOffset(bytes, position), leaderEpoch(bytes, position)].slice(1));
        offset = nextOffset(bytes, position);
      }
    }
    const live = this.model.batches.filter((b) => b.last >= this.model.start);
    expect(seen).toEqual(live.map((b) => [b.last, b.epoch]));
  }
}

test('a log does what a list of batches does, through truncations and restarts', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const run = new Run();
      for (const each of steps) {
        run.step(each);
        run.check();
      }
      run.readAll();
    }),
    { numRuns: 400 },
  );
});

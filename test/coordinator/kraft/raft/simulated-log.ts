/** A log that knows what was flushed, for tests of the pure quorum. A record is eight bytes: its epoch and its payload. */
import type { EpochEnd } from '../../../../src/coordinator/kraft/raft/messages.ts';
import type { RaftLogView } from '../../../../src/coordinator/kraft/raft/types.ts';

export interface Entry {
  readonly epoch: number;
  /** 0 for the leader's first record of an epoch. */
  readonly payload: number;
}

export class SimulatedLog implements RaftLogView {
  entries: Entry[] = [];
  flushed = 0;
  readonly startOffset = 0;

  get endOffset(): number {
    return this.entries.length;
  }
  get lastEpoch(): number {
    return this.entries.at(-1)?.epoch ?? 0;
  }
  endOffsetForEpoch(epoch: number): EpochEnd {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i]!;
      if (entry.epoch <= epoch) return { epoch: entry.epoch, endOffset: i + 1 };
    }
    return { epoch: 0, endOffset: 0 };
  }
  append(entries: readonly Entry[]): void {
    this.entries.push(...entries);
  }
  truncate(toOffset: number): void {
    this.entries.length = toOffset;
    this.flushed = Math.min(this.flushed, toOffset);
  }
  /** Power was lost: what was not flushed is gone. */
  losePower(): void {
    this.truncate(this.flushed);
  }
}

export function encodeEntries(entries: readonly Entry[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(entries.length * 8));
  entries.forEach((entry, i) => {
    view.setUint32(i * 8, entry.epoch);
    view.setUint32(i * 8 + 4, entry.payload);
  });
  return new Uint8Array(view.buffer);
}

export function decodeEntries(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / 8 }, (_, i) => ({
    epoch: view.getUint32(i * 8),
    payload: view.getUint32(i * 8 + 4),
  }));
}

import type { Disk } from '../kernel/api.ts';
import { readWhole } from './checkpoints.ts';
import { ProducerState } from './producer-state.ts';
import { offsetName } from './segment.ts';

/** The producer snapshots among the files of a log, by the offset in their names, rising. */
export function snapshotsAmong(paths: readonly string[]): number[] {
  const offsets: number[] = [];
  for (const each of paths) {
    const digits = /\/(\d{20})\.snapshot$/.exec(each)?.[1];
    if (digits !== undefined) offsets.push(Number(digits));
  }
  return offsets;
}

export function hasSnapshot(disk: Disk, directory: string, offset: number): boolean {
  return disk.exists(snapshotPath(directory, offset));
}

export function snapshotPath(directory: string, offset: number): string {
  return `${directory}/${offsetName(offset)}.snapshot`;
}

/** Writes the state as of `offset`. It becomes durable with the flush that follows; a damaged one is passed over. */
export function writeSnapshot(disk: Disk, directory: string, offset: number, bytes: Uint8Array): void {
  const file = disk.open(snapshotPath(directory, offset), true);
  if (file.size > 0) file.truncate(0);
  file.append(bytes);
  file.sync(ignore, null);
}

/** Which snapshots may be restored from. */
export interface Candidates {
  readonly offsets: readonly number[];
  readonly above: number;
  readonly notAbove: number;
  readonly expiredBeforeMs: number;
}

/** The newest readable one of them; damaged ones are removed. */
export function restoreNewest(
  disk: Disk,
  directory: string,
  { offsets, above, notAbove, expiredBeforeMs }: Candidates,
): { readonly offset: number; readonly state: ProducerState } | undefined {
  for (let i = offsets.length - 1; i >= 0; i--) {
    const offset = offsets[i]!;
    if (offset > notAbove || offset <= above) continue;
    const state = new ProducerState();
    const bytes = readWhole(disk, snapshotPath(directory, offset));
    if (bytes !== undefined && state.restore(bytes, expiredBeforeMs)) return { offset, state };
    disk.remove(snapshotPath(directory, offset));
  }
  return undefined;
}

/** Removes those that are not to be kept; returns the others. */
export function keepSnapshots(
  disk: Disk,
  directory: string,
  offsets: readonly number[],
  isKept: (offset: number) => boolean,
): readonly number[] {
  return offsets.filter((offset) => {
    if (isKept(offset)) return true;
    disk.remove(snapshotPath(directory, offset));
    return false;
  });
}

function ignore(): void {}

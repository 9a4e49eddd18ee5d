import type { Disk } from '../kernel/api.ts';
import { readWhole } from './checkpoints.ts';
import type { ProducerState } from './producer-state.ts';
import { offsetName } from './segment.ts';

/** The producer snapshots of a log's directory, by the offset in their names. */
export function snapshotOffsets(disk: Disk, directory: string): number[] {
  const offsets: number[] = [];
  for (const path of disk.list(`${directory}/`)) {
    const digits = /\/(\d{20})\.snapshot$/.exec(path)?.[1];
    if (digits !== undefined) offsets.push(Number(digits));
  }
  return offsets;
}

const path = (directory: string, offset: number) => `${directory}/${offsetName(offset)}.snapshot`;

/** Writes the state as of `offset`. It becomes durable with the flush that follows; a damaged one is passed over. */
export function writeSnapshot(disk: Disk, directory: string, offset: number, bytes: Uint8Array): void {
  const file = disk.open(path(directory, offset), true);
  if (file.size > 0) file.truncate(0);
  file.append(bytes);
  file.sync(ignore, null);
}

/** Restores the newest readable snapshot in (above, notAbove], removing damaged ones. Returns its offset, or -1. */
export function restoreNewest(
  disk: Disk,
  directory: string,
  range: { readonly above: number; readonly notAbove: number },
  make: () => ProducerState,
  expiredBeforeMs: number,
): { readonly offset: number; readonly state: ProducerState } | undefined {
  for (const offset of snapshotOffsets(disk, directory).reverse()) {
    if (offset > range.notAbove || offset <= range.above) continue;
    const state = make();
    const bytes = readWhole(disk, path(directory, offset));
    if (bytes !== undefined && state.restore(bytes, expiredBeforeMs)) return { offset, state };
    disk.remove(path(directory, offset));
  }
  return undefined;
}

export function removeSnapshots(disk: Disk, directory: string, which: (offset: number) => boolean): void {
  for (const offset of snapshotOffsets(disk, directory)) if (which(offset)) disk.remove(path(directory, offset));
}

function ignore(): void {}

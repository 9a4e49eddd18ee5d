import { Content } from './content.ts';

/** What a sync promises: everything that the file was when it was called. */
export interface SyncPoint {
  readonly size: number;
  readonly changes: number;
}

/** Bytes that were durable, or about to be, and were replaced or cut off. */
interface Change {
  readonly position: number;
  readonly before: Uint8Array;
}

/**
 * A file apart from its name: the page cache's content, and how to get back from it to what is on the platter. Most
 * files only grow, so the platter is a prefix; overwriting or cutting what is durable keeps the old bytes until the
 * next sync, as a journal that is read backwards.
 */
export class Inode {
  /** Its present name; a file that was removed keeps its last. */
  path: string;
  readonly content = new Content();
  durableSize = 0;
  /** Changes since the oldest state that a power loss may bring back. */
  private changes: Change[] = [];
  /** Changes that were dropped from the front, because they are durable. */
  private droppedChanges = 0;
  /** Largest size that was durable or asked to be: old bytes below it matter. */
  private protectedSize = 0;

  constructor(path: string) {
    this.path = path;
  }

  write(position: number, bytes: Uint8Array): void {
    this.remember(position, Math.min(position + bytes.length, this.content.size));
    this.content.overwrite(position, bytes);
  }

  truncate(size: number): void {
    this.remember(size, this.content.size);
    this.content.truncate(size);
  }

  syncPoint(): SyncPoint {
    this.protectedSize = Math.max(this.protectedSize, this.content.size);
    return { size: this.content.size, changes: this.droppedChanges + this.changes.length };
  }

  /** The bytes as they were at that moment are on the platter. */
  commit(point: SyncPoint): void {
    const drop = point.changes - this.droppedChanges;
    if (drop < 0) return;
    this.changes.splice(0, drop);
    this.droppedChanges += drop;
    this.durableSize = point.size;
  }

  /** Power loss: back to the platter. `tornSize` is how much of the unsynced tail happens to be there too. Returns the bytes lost. */
  revert(tornSize: number): number {
    const { content } = this;
    const sizeBefore = content.size;
    for (const change of this.changes.reverse()) content.overwrite(change.position, change.before);
    content.truncate(Math.max(this.durableSize, tornSize));
    this.changes = [];
    this.droppedChanges = 0;
    this.durableSize = content.size;
    this.protectedSize = content.size;
    return Math.max(0, sizeBefore - content.size);
  }

  /** Damage on the platter itself: what is read from now on is wrong, durably. */
  flipBit(position: number): boolean {
    if (position >= this.content.size) return false;
    const byte = this.content.read(position, 1);
    this.content.overwrite(position, Uint8Array.of(byte[0]! ^ 1));
    return true;
  }

  private remember(from: number, to: number): void {
    const end = Math.min(to, this.protectedSize);
    if (from < end) this.changes.push({ position: from, before: this.content.read(from, end - from) });
  }
}

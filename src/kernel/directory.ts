import type { Micros } from './api.ts';
import { Inode } from './inode.ts';

/** Names reach the platter by themselves after this long, as with ext4's journal (`commit=5`). */
const JOURNAL_US = 5_000_000;

/** One atomic change of names: `to` now names the inode (null: nothing), and `from`, if given, names nothing any more. */
interface NameChange {
  readonly atUs: Micros;
  readonly from: string | null;
  readonly to: string;
  readonly inode: Inode | null;
}

/**
 * The names of a disk's files, in the page cache and on the platter. Changes are journalled in order: when one becomes
 * durable, so do all before it.
 */
export class Directory {
  private names = new Map<string, Inode>();
  private readonly durable = new Map<string, Inode>();
  private journal: NameChange[] = [];
  private committed = 0;

  get(path: string): Inode | undefined {
    return this.names.get(path);
  }

  inodes(): IterableIterator<Inode> {
    return this.names.values();
  }

  get count(): number {
    return this.names.size;
  }

  create(path: string, nowUs: Micros): Inode {
    const inode = new Inode(path);
    this.change({ atUs: nowUs, from: null, to: path, inode });
    return inode;
  }

  remove(path: string, nowUs: Micros): void {
    this.change({ atUs: nowUs, from: null, to: path, inode: null });
  }

  rename(from: string, to: string, inode: Inode, nowUs: Micros): void {
    this.change({ atUs: nowUs, from, to, inode });
    inode.path = to;
  }

  list(directory: string): readonly string[] {
    const prefix = directory === '' || directory.endsWith('/') ? directory : `${directory}/`;
    const paths: string[] = [];
    for (const path of this.names.keys()) if (path.startsWith(prefix)) paths.push(path);
    return paths.sort();
  }

  /** A mark for `commit`: every change so far. */
  get position(): number {
    return this.committed + this.journal.length;
  }

  commit(position: number): void {
    const count = position - this.committed;
    if (count <= 0) return;
    for (const change of this.journal.splice(0, count)) apply(change, this.durable);
    this.committed = position;
  }

  /** Power loss. A file that is torn keeps its name. Returns how many files vanished. */
  revert(nowUs: Micros, torn: Inode | null): number {
    this.commitOld(nowUs);
    if (torn !== null && this.names.get(torn.path) === torn) this.durable.set(torn.path, torn);
    let lost = 0;
    for (const path of this.names.keys()) if (!this.durable.has(path)) lost += 1;
    this.names = new Map(this.durable);
    for (const [path, inode] of this.names) inode.path = path;
    this.committed += this.journal.length;
    this.journal = [];
    return lost;
  }

  clear(): void {
    this.names.clear();
    this.durable.clear();
    this.committed += this.journal.length;
    this.journal = [];
  }

  private change(change: NameChange): void {
    this.commitOld(change.atUs);
    apply(change, this.names);
    this.journal.push(change);
  }

  private commitOld(nowUs: Micros): void {
    let old = 0;
    while (old < this.journal.length && this.journal[old]!.atUs <= nowUs - JOURNAL_US) old += 1;
    if (old > 0) this.commit(this.committed + old);
  }
}

function apply(change: NameChange, names: Map<string, Inode>): void {
  if (change.from !== null) names.delete(change.from);
  if (change.inode === null) names.delete(change.to);
  else names.set(change.to, change.inode);
}

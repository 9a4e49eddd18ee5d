import type { DiskError, DiskFile } from './api.ts';
import type { Inode, SyncPoint } from './inode.ts';
import { GATE_DEAD, type Owner } from './owner.ts';

/** Operations that a full disk still carries out: all but `grow`; a read-only one: `read`. */
export type Access = 'read' | 'shrink' | 'grow' | 'sync';

export interface SyncRequest {
  readonly owner: Owner;
  readonly done: (arg: unknown, error: DiskError | null) => void;
  readonly arg: unknown;
  readonly path: string;
  /** Null: names alone. */
  readonly inode: Inode | null;
  readonly point: SyncPoint | null;
}

/** What a file asks of its disk. */
export interface Device {
  /** Throws the present fault, if it stands against this kind of access. */
  check(access: Access, path: string): void;
  noteWrite(inode: Inode, position: number, length: number): void;
  sync(request: SyncRequest): void;
}

/** A file opened by one process; it follows renames, and does nothing once the process has ended. */
export class OpenFile implements DiskFile {
  private readonly device: Device;
  private readonly owner: Owner;
  private readonly inode: Inode;

  constructor(device: Device, owner: Owner, inode: Inode) {
    this.device = device;
    this.owner = owner;
    this.inode = inode;
  }

  get path(): string {
    return this.inode.path;
  }

  get size(): number {
    return this.inode.content.size;
  }

  append(bytes: Uint8Array): void {
    if (this.owner.gate === GATE_DEAD) return;
    const { device, inode } = this;
    device.check('grow', inode.path);
    device.noteWrite(inode, inode.content.size, bytes.length);
    inode.content.append(bytes);
  }

  write(position: number, bytes: Uint8Array): void {
    if (this.owner.gate === GATE_DEAD) return;
    const { device, inode } = this;
    device.check('grow', inode.path);
    device.noteWrite(inode, position, bytes.length);
    inode.write(position, bytes);
  }

  read(position: number, length: number): Uint8Array {
    this.device.check('read', this.inode.path);
    return this.inode.content.read(position, length);
  }

  truncate(size: number): void {
    if (this.owner.gate === GATE_DEAD) return;
    this.device.check('shrink', this.inode.path);
    this.inode.truncate(size);
  }

  sync<A>(done: (arg: A, error: DiskError | null) => void, arg: A): void {
    if (this.owner.gate === GATE_DEAD) return;
    const { owner, inode } = this;
    const { path } = inode;
    this.device.sync({ owner, done: erased(done), arg, path, inode, point: inode.syncPoint() });
  }
}

/** A directory opened by its path with a slash at the end: good for syncing names, and nothing else. */
export class OpenDirectory implements DiskFile {
  readonly path: string;
  readonly size = 0;
  private readonly device: Device;
  private readonly owner: Owner;

  constructor(device: Device, owner: Owner, path: string) {
    this.device = device;
    this.owner = owner;
    this.path = path;
  }

  append(): void {}
  write(): void {}
  truncate(): void {}

  read(): Uint8Array {
    return new Uint8Array(0);
  }

  sync<A>(done: (arg: A, error: DiskError | null) => void, arg: A): void {
    if (this.owner.gate === GATE_DEAD) return;
    const { owner, path } = this;
    this.device.sync({ owner, done: erased(done), arg, path, inode: null, point: null });
  }
}

/** A callback and its argument travel together, so the pair's own type may be forgotten. */
function erased<A>(done: (arg: A, error: DiskError | null) => void): SyncRequest['done'] {
  const box: { call(arg: unknown, error: DiskError | null): void } = { call: done };
  return box.call;
}

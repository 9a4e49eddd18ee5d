import { type Disk, type DiskControl, DiskError, type DiskFile, type Micros } from './api.ts';
import { Directory } from './directory.ts';
import { kernelEvents } from './events.ts';
import { type Access, type Device, OpenDirectory, OpenFile, type SyncRequest } from './file.ts';
import type { Inode } from './inode.ts';
import { GATE_DEAD, type Owner } from './owner.ts';
import type { Scheduler } from './scheduler.ts';
import type { TraceRecorder } from './trace.ts';
import type { Named } from './trace-codec.ts';

/** A sync on its way to the platter. */
interface PendingSync {
  readonly request: SyncRequest;
  /** How far the journal of names was then. */
  readonly names: number;
  readonly powerCycle: number;
}

interface LastWrite {
  readonly inode: Inode;
  readonly position: number;
  readonly length: number;
}

/** The device: what all processes that ever run on the machine share. */
export class DiskDevice implements DiskControl, Device {
  readonly index: number;
  readonly disk: Disk;
  readonly directory = new Directory();
  readonly scheduler: Scheduler;
  hits = 0;
  private readonly source: Named;
  private readonly trace: TraceRecorder;
  private readonly syncUs: Micros;
  private extraSyncUs: Micros = 0;
  private busyUntilUs: Micros = 0;
  private fault: 'EIO' | 'ENOSPC' | 'EROFS' | null = null;
  private tearArmed = false;
  private lastWrite: LastWrite | null = null;
  private powerCycle = 0;

  constructor(index: number, source: Named, scheduler: Scheduler, trace: TraceRecorder, syncUs: Micros) {
    this.index = index;
    this.source = source;
    this.scheduler = scheduler;
    this.trace = trace;
    this.syncUs = syncUs;
    this.disk = new MountedDisk(this, scheduler.world);
  }

  /** The disk as one process sees it. */
  mountFor(owner: Owner): Disk {
    return new MountedDisk(this, owner);
  }

  check(access: Access, path: string): void {
    const { fault } = this;
    if (fault === null) return;
    if (fault === 'ENOSPC' && access !== 'grow') return;
    if (fault === 'EROFS' && access === 'read') return;
    this.hits += 1;
    throw new DiskError(fault, path);
  }

  noteWrite(inode: Inode, position: number, length: number): void {
    if (this.tearArmed) this.lastWrite = { inode, position, length };
  }

  sync(request: SyncRequest): void {
    const { scheduler } = this;
    this.busyUntilUs = Math.max(scheduler.nowUs, this.busyUntilUs) + this.syncUs + this.extraSyncUs;
    const pending: PendingSync = { request, names: this.directory.position, powerCycle: this.powerCycle };
    scheduler.post(this.busyUntilUs, scheduler.world, syncDone, this, pending);
  }

  finish({ request, names, powerCycle }: PendingSync): void {
    if (powerCycle !== this.powerCycle) return;
    const { inode, point } = request;
    let error: DiskError | null = null;
    if (this.fault === 'EIO' || this.fault === 'EROFS') {
      this.hits += 1;
      error = new DiskError(this.fault, request.path);
    } else {
      if (inode !== null && point !== null) inode.commit(point);
      this.directory.commit(names);
    }
    this.scheduler.runFor(request.owner, request.done, request.arg, error);
  }

  fail(fault: 'EIO' | 'ENOSPC' | 'EROFS' | null): void {
    if (fault === this.fault) return;
    if (fault === null) this.record('disk-mended', [this.index, this.hits]);
    else this.record('disk-failed', [this.index, fault]);
    this.fault = fault;
    if (fault !== null) this.hits = 0;
  }

  slow(extraSyncUs: Micros): void {
    this.extraSyncUs = extraSyncUs;
    this.record('disk-slowed', [this.index, extraSyncUs]);
  }

  tear(armed: boolean): void {
    this.tearArmed = armed;
    if (!armed) this.lastWrite = null;
  }

  flipBit(path: string, position: number): void {
    const inode = this.directory.get(path);
    if (inode === undefined) throw new DiskError('ENOENT', path);
    if (inode.flipBit(position)) this.record('disk-corrupted', [this.index, path, position]);
  }

  wipe(): void {
    this.record('disk-wiped', [this.index, this.directory.count]);
    this.directory.clear();
  }

  losePower(): { lostFiles: number; lostBytes: number } {
    this.powerCycle += 1;
    this.busyUntilUs = 0;
    const torn = this.unsyncedWrite();
    const lostFiles = this.directory.revert(this.scheduler.nowUs, torn?.inode ?? null);
    let lostBytes = 0;
    for (const inode of this.directory.inodes()) {
      lostBytes += inode.revert(torn?.inode === inode ? torn.position + (torn.length >> 1) : 0);
    }
    if (torn !== null) this.record('disk-torn', [this.index, torn.inode.path, torn.inode.content.size]);
    this.tearArmed = false;
    this.lastWrite = null;
    return { lostFiles, lostBytes };
  }

  private unsyncedWrite(): LastWrite | null {
    const last = this.lastWrite;
    return last !== null && last.position + last.length > last.inode.durableSize ? last : null;
  }

  private record(kind: keyof typeof kernelEvents, values: (string | number)[]): void {
    const { scheduler } = this;
    this.trace.record(scheduler.nowUs, this.source, kernelEvents[kind], values, scheduler.cause);
  }
}

/** A disk as one process (or the operator) sees it. */
class MountedDisk implements Disk {
  readonly index: number;
  private readonly device: DiskDevice;
  private readonly owner: Owner;

  constructor(device: DiskDevice, owner: Owner) {
    this.index = device.index;
    this.device = device;
    this.owner = owner;
  }

  open(path: string, create = false): DiskFile {
    const { device, owner } = this;
    if (path.endsWith('/')) return new OpenDirectory(device, owner, path);
    let inode = device.directory.get(path);
    device.check(inode === undefined && create ? 'grow' : 'read', path);
    if (inode === undefined) {
      if (!create) throw new DiskError('ENOENT', path);
      inode = device.directory.create(path, device.scheduler.nowUs);
    }
    return new OpenFile(device, owner, inode);
  }

  exists(path: string): boolean {
    this.device.check('read', path);
    return this.device.directory.get(path) !== undefined;
  }

  list(directory: string): readonly string[] {
    this.device.check('read', directory);
    return this.device.directory.list(directory);
  }

  remove(path: string): void {
    const { device, owner } = this;
    if (owner.gate === GATE_DEAD) return;
    device.check('shrink', path);
    this.require(path);
    device.directory.remove(path, device.scheduler.nowUs);
  }

  rename(from: string, to: string): void {
    const { device, owner } = this;
    if (owner.gate === GATE_DEAD) return;
    device.check('shrink', from);
    const inode = this.require(from);
    device.directory.rename(from, to, inode, device.scheduler.nowUs);
  }

  private require(path: string): Inode {
    const inode = this.device.directory.get(path);
    if (inode === undefined) throw new DiskError('ENOENT', path);
    return inode;
  }
}

function syncDone(device: DiskDevice, sync: PendingSync): void {
  device.finish(sync);
}

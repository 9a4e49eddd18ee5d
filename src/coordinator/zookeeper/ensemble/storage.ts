/**
 * What a server keeps on its disk: the txn log, snapshots, and the two epochs that it has promised and established. Writes go to
 * the page cache at once and to the platter in their order, several with one sync (SyncRequestProcessor).
 */
import { type Disk, DiskError, type DiskFile } from '../../../kernel/api.ts';
import { DataTree } from './data-tree.ts';
import { History } from './history.ts';
import { adler32, JuteReader, JuteWriter } from './jute.ts';
import type { Snapshot } from './messages.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.ts';
import type { SizeStats } from './traffic.ts';
import { TxnLog, zxidFiles } from './txn-log.ts';
import type { StoredState } from './zab.ts';
import type { DiskWrite } from './zab-core.ts';

const DIRECTORY = 'version-2';
/** Bytes behind a snapshot: its checksum, and a path as the end mark. */
const SNAPSHOT_TAIL = 13;

export class Storage {
  readonly #disk: Disk;
  readonly #log: TxnLog;
  readonly #persisted: (ticket: number) => void;
  readonly #failed: (error: DiskError) => void;
  /** Files written since the last sync began, in the order in which they must become durable. */
  #dirty: DiskFile[] = [];
  #writtenTicket = 0;
  /** Syncs under way; while there are any, writes wait for the next round. */
  #syncing = 0;

  constructor(disk: Disk, persisted: (ticket: number) => void, failed: (error: DiskError) => void) {
    this.#disk = disk;
    this.#log = new TxnLog(disk, DIRECTORY);
    this.#persisted = persisted;
    this.#failed = failed;
  }

  /** `config`: what a new tree says of the ensemble. */
  recover(config = ''): StoredState {
    const tree = new DataTree(config);
    const snapshot = this.#latestSnapshot();
    if (snapshot !== null) tree.restore(snapshot);
    const tail = this.#log.recover(tree.lastZxid);
    // A killed process leaves txns that are not on the platter yet; what is acknowledged next vouches for them too.
    for (const file of this.#log.files()) this.#touch(file);
    return {
      tree,
      history: new History(tree.lastZxid, tail),
      acceptedEpoch: this.#readEpoch('acceptedEpoch'),
      currentEpoch: this.#readEpoch('currentEpoch'),
    };
  }

  get txnSizes(): SizeStats {
    return this.#log.sizes;
  }

  /** Of all files, of both kinds; 0 where the disk cannot be read. */
  bytesOnDisk(): { readonly snapshots: number; readonly logs: number } {
    try {
      const sizes = (kind: string): number =>
        zxidFiles(this.#disk, DIRECTORY, kind).reduce((sum, { path }) => sum + this.#disk.open(path).size, 0);
      return { snapshots: sizes('snapshot'), logs: sizes('log') };
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      return { snapshots: 0, logs: 0 };
    }
  }

  /** `ticket` is reported once this write and all before it are durable. */
  write(ticket: number, write: DiskWrite): void {
    this.#guard(() => {
      this.#writtenTicket = ticket;
      switch (write.kind) {
        case 'append':
          this.#touch(this.#log.append(write.txn));
          break;
        case 'truncate':
          for (const file of this.#log.truncate(write.zxid)) this.#touch(file);
          break;
        case 'snapshot':
          this.#writeSnapshot(write.snapshot);
          for (const file of this.#log.truncate(write.snapshot.zxid)) this.#touch(file);
          break;
        case 'accepted-epoch':
          this.#writeEpoch('acceptedEpoch', write.epoch);
          break;
        case 'current-epoch':
          this.#writeEpoch('currentEpoch', write.epoch);
          break;
      }
      this.#syncNext();
    });
  }

  /** Shortens the next recovery. The log goes on in a new file; nothing is deleted. */
  saveSnapshot(snapshot: Snapshot): void {
    this.#guard(() => {
      this.#writeSnapshot(snapshot);
      this.#log.roll();
      this.#syncNext();
    });
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#failed(error);
    }
  }

  #touch(file: DiskFile): void {
    if (!this.#dirty.includes(file)) this.#dirty.push(file);
  }

  /** The disk syncs one file after another, so the last report means all of them. */
  #syncNext(): void {
    if (this.#syncing > 0) return;
    const files = this.#dirty;
    const ticket = this.#writtenTicket;
    this.#dirty = [];
    this.#syncing = files.length;
    for (const file of files) {
      file.sync((_, error) => {
        this.#syncing--;
        if (error !== null) this.#failed(error);
        else if (this.#syncing === 0) this.#onSynced(ticket);
      }, null);
    }
    // A truncation that had nothing to cut.
    if (files.length === 0) this.#persisted(ticket);
  }

  #onSynced(ticket: number): void {
    if (this.#dirty.length > 0) this.#syncNext();
    this.#persisted(ticket);
  }

  #writeSnapshot(snapshot: Snapshot): void {
    const file = this.#disk.open(`${DIRECTORY}/snapshot.${snapshot.zxid.toString(16)}`, true);
    const bytes = encodeSnapshot(snapshot);
    const tail = new JuteWriter();
    tail.long(adler32(bytes));
    tail.ustring('/');
    file.truncate(0);
    file.append(bytes);
    file.append(tail.take());
    this.#touch(file);
  }

  #latestSnapshot(): Snapshot | null {
    for (const { path, zxid } of zxidFiles(this.#disk, DIRECTORY, 'snapshot').reverse()) {
      const file = this.#disk.open(path);
      const size = file.size - SNAPSHOT_TAIL;
      if (size <= 0) continue;
      const bytes = file.read(0, size);
      if (new JuteReader(file.read(size, 8)).long() === adler32(bytes)) return decodeSnapshot(zxid, bytes);
    }
    return null;
  }

  /** One line for each epoch, the last whole one counts. (The real file holds a single number and is replaced by renaming.) */
  #writeEpoch(name: string, epoch: number): void {
    const file = this.#disk.open(`${DIRECTORY}/${name}`, true);
    file.append(new TextEncoder().encode(`${epoch}\n`));
    this.#touch(file);
  }

  #readEpoch(name: string): number {
    const path = `${DIRECTORY}/${name}`;
    if (!this.#disk.exists(path)) return 0;
    const file = this.#disk.open(path);
    const lines = new TextDecoder().decode(file.read(0, file.size)).split('\n');
    return Number(lines.at(-2) ?? 0);
  }
}

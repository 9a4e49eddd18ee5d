/**
 * The txn log on disk, in ZooKeeper's format: files `log.<first zxid>`, each txn with a checksum before it and an end mark
 * behind it (without the preallocated zeroes of the real files). What a power loss tore is cut off at recovery.
 */
import type { Disk, DiskFile } from '../../../kernel/api.ts';
import { adler32, JuteReader, JuteWriter } from './jute.ts';
import { SizeStats } from './traffic.ts';
import type { Txn } from './txn.ts';
import { decodeTxn, encodeTxn } from './txn-codec.ts';

const MAGIC = 0x5a4b_4c47; // ZKLG
const VERSION = 2;
const HEADER_BYTES = 16;
const ENTRY_OVERHEAD = 13;
const END_MARK = 0x42;

interface LogEntry {
  readonly txn: Txn;
  /** Position behind it. */
  readonly end: number;
}

export class TxnLog {
  readonly #disk: Disk;
  readonly #directory: string;
  /** Of what this process has logged. */
  readonly sizes = new SizeStats();
  #current: DiskFile | null = null;

  constructor(disk: Disk, directory: string) {
    this.#disk = disk;
    this.#directory = directory;
  }

  /** Every intact txn behind `zxid`, in order; cuts off the rest. */
  recover(zxid: number): Txn[] {
    const txns: Txn[] = [];
    let torn = false;
    for (const file of this.files()) {
      const entries = torn ? [] : readEntries(file);
      for (const { txn } of entries) if (txn.zxid > zxid) txns.push(txn);
      const end = entries.at(-1)?.end ?? Math.min(HEADER_BYTES, file.size);
      if (end < file.size) {
        file.truncate(end);
        torn = true;
      }
    }
    return txns;
  }

  /** Returns the file that has to be synced. */
  append(txn: Txn): DiskFile {
    const file = this.#current ?? this.#begin(txn.zxid);
    const bytes = encodeTxn(txn);
    this.sizes.add(bytes.length);
    const entry = new JuteWriter();
    entry.long(adler32(bytes));
    entry.buffer(bytes);
    entry.byte(END_MARK);
    file.append(entry.take());
    return file;
  }

  /** Throws away what lies behind. Returns the files that have to be synced. */
  truncate(zxid: number): DiskFile[] {
    this.#current = null;
    const changed: DiskFile[] = [];
    for (const file of this.files()) {
      const kept = readEntries(file).filter(({ txn }) => txn.zxid <= zxid);
      const end = kept.at(-1)?.end ?? Math.min(HEADER_BYTES, file.size);
      if (end === file.size) continue;
      file.truncate(end);
      changed.push(file);
    }
    return changed;
  }

  /** The next txn begins a new file. */
  roll(): void {
    this.#current = null;
  }

  #begin(zxid: number): DiskFile {
    const file = this.#disk.open(`${this.#directory}/log.${zxid.toString(16)}`, true);
    if (file.size < HEADER_BYTES) {
      file.truncate(0);
      const header = new JuteWriter();
      header.int(MAGIC);
      header.int(VERSION);
      header.long(0);
      file.append(header.take());
    }
    this.#current = file;
    return file;
  }

  files(): DiskFile[] {
    return zxidFiles(this.#disk, this.#directory, 'log').map(({ path }) => this.#disk.open(path));
  }
}

/** Files `<kind>.<zxid>` of a directory, lowest zxid first. */
export function zxidFiles(
  disk: Disk,
  directory: string,
  kind: string,
): { readonly path: string; readonly zxid: number }[] {
  const prefix = `${directory}/${kind}.`;
  return disk
    .list(directory)
    .filter((path) => path.startsWith(prefix))
    .map((path) => ({ path, zxid: Number.parseInt(path.slice(prefix.length), 16) }))
    .sort((a, b) => a.zxid - b.zxid);
}

/** Up to the first entry that is not intact. */
function readEntries(file: DiskFile): LogEntry[] {
  const entries: LogEntry[] = [];
  const bytes = file.read(0, file.size);
  const from = new JuteReader(bytes);
  from.position = HEADER_BYTES;
  while (from.left >= ENTRY_OVERHEAD) {
    const checksum = from.long();
    const length = from.int();
    if (length <= 0 || length + 1 > from.left) break;
    const txn = from.raw(length);
    if (from.byte() !== END_MARK || adler32(txn) !== checksum) break;
    entries.push({ txn: decodeTxn(txn), end: from.position });
  }
  return entries;
}

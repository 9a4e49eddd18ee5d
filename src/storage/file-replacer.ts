import { type Disk, DiskError, type DiskFile } from '../kernel/api.ts';

/** Somebody who must know when a log directory fails (KIP-112). */
export type DiskFailed = (error: DiskError) => void;

interface Replacement {
  readonly path: string;
  file: DiskFile;
  /** What was asked for while this one was under way: only the last counts. */
  next: Uint8Array | null;
  dropped: boolean;
}

/**
 * Replaces whole small files so that at every moment, power loss included, either the old content or the new one is there:
 * written to `<path>.tmp`, synced, renamed, and the names synced too, once for all that are under way together. One for each
 * disk; calls for one path are carried out one after another.
 */
export class FileReplacer {
  readonly disk: Disk;
  readonly #failed: DiskFailed;
  readonly #underWay = new Map<string, Replacement>();
  #waiting: (() => void)[] = [];

  constructor(disk: Disk, failed: DiskFailed) {
    this.disk = disk;
    this.#failed = failed;
  }

  replace(path: string, bytes: Uint8Array): void {
    const before = this.#underWay.get(path);
    if (before !== undefined && !before.dropped) {
      before.next = bytes;
      return;
    }
    const file = this.#begin(path, bytes);
    const replacement: Replacement = { path, file, next: null, dropped: false };
    this.#underWay.set(path, replacement);
    file.sync(this.#onSynced, replacement);
  }

  /** Removes files of which nobody waits to hear; some may be gone already. An error takes the log directory offline. */
  remove(paths: readonly string[]): void {
    try {
      for (const path of paths) if (this.disk.exists(path)) this.disk.remove(path);
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.#failed(thrown);
    }
  }

  /** Forgets what is under way below a directory, because its files are about to be removed. */
  dropBelow(directory: string): void {
    const prefix = `${directory}/`;
    for (const replacement of this.#underWay.values()) {
      if (replacement.path.startsWith(prefix)) this.#drop(replacement);
    }
  }

  /** Calls back when nothing is under way and every new name is on the platter; never before it returns. */
  settle(done: () => void): void {
    if (this.#underWay.size > 0) this.#waiting.push(done);
    else this.#syncNames(done);
  }

  #syncNames(done: () => void): void {
    this.disk.open('/').sync((then, error) => {
      if (error !== null) this.#failed(error);
      then();
    }, done);
  }

  #begin(path: string, bytes: Uint8Array): DiskFile {
    const file = this.disk.open(`${path}.tmp`, true);
    if (file.size > 0) file.truncate(0);
    file.append(bytes);
    return file;
  }

  readonly #onSynced = (replacement: Replacement, error: DiskError | null): void => {
    if (replacement.dropped) return;
    if (error !== null) {
      this.#fail(replacement, error);
      return;
    }
    const next = replacement.next;
    replacement.next = null;
    try {
      this.disk.rename(`${replacement.path}.tmp`, replacement.path);
      if (next === null) {
        this.#drop(replacement);
        return;
      }
      replacement.file = this.#begin(replacement.path, next);
      replacement.file.sync(this.#onSynced, replacement);
    } catch (thrown) {
      if (!(thrown instanceof DiskError)) throw thrown;
      this.#fail(replacement, thrown);
    }
  };

  #fail(replacement: Replacement, error: DiskError): void {
    this.#drop(replacement);
    this.#failed(error);
  }

  #drop(replacement: Replacement): void {
    replacement.dropped = true;
    if (this.#underWay.get(replacement.path) === replacement) this.#underWay.delete(replacement.path);
    if (this.#underWay.size > 0) return;
    this.#syncNames(ignore);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) this.settle(done);
  }
}

function ignore(): void {}

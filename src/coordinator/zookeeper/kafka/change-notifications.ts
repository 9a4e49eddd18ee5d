/**
 * A folder in which somebody leaves a note for every change (ZkNodeChangeNotificationListener): each broker acts on the notes that
 * are newer than the last it saw, and removes those that are old enough for everybody to have seen them.
 */
import type { Context } from '../../../kernel/api.ts';
import { ZkCode } from '../ensemble/codes.ts';
import { runTask, type Task } from './task.ts';
import { SessionLost, type ZkAccess } from './zk-access.ts';

/** Notes that are older are removed by whoever looks next. */
const KEEP_MS = 15 * 60_000;

export class ChangeNotifications {
  readonly path: string;
  private readonly context: Context;
  private readonly zk: ZkAccess;
  /** Acts on the notes' contents, oldest first. */
  private readonly act: (notes: readonly (Uint8Array | null)[]) => Task<void>;
  /** Sequence number of the latest note that was acted on. */
  private last = -1;
  private running = false;
  private again = false;

  constructor(
    context: Context,
    zk: ZkAccess,
    path: string,
    act: (notes: readonly (Uint8Array | null)[]) => Task<void>,
  ) {
    this.context = context;
    this.zk = zk;
    this.path = path;
    this.act = act;
  }

  /** Everything there is counts as seen; a watch for what comes. */
  *begin(): Task<void> {
    const { children } = yield* this.zk.getChildren(this.path, true);
    this.last = Math.max(this.last, ...children.map(sequenceOf));
  }

  /** The watch fired, or the session is new. One pass at a time. */
  look(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    runTask(this.process(), this.looked, this.failed);
  }

  private readonly looked = (): void => {
    this.running = false;
    if (!this.again) return;
    this.again = false;
    this.look();
  };

  private readonly failed = (thrown: unknown): void => {
    if (!(thrown instanceof SessionLost)) throw thrown;
    this.running = false;
    this.again = false;
  };

  private *process(): Task<void> {
    const { zk, path } = this;
    const { children } = yield* zk.getChildren(path, true);
    const fresh = children.filter((name) => sequenceOf(name) > this.last);
    const notes: (Uint8Array | null)[] = [];
    for (const name of fresh) {
      const { err, data } = yield* zk.getData(`${path}/${name}`);
      this.last = Math.max(this.last, sequenceOf(name));
      if (err === ZkCode.OK) notes.push(data);
    }
    if (notes.length > 0) yield* this.act(notes);
    yield* this.purge(children);
  }

  private *purge(children: readonly string[]): Task<void> {
    for (const name of children) {
      const path = `${this.path}/${name}`;
      const { stat } = yield* this.zk.exists(path);
      if (stat === null) continue;
      if (this.context.wallMs() - stat.ctime <= KEEP_MS) return;
      yield* this.zk.delete(path);
    }
  }
}

/** `config_change_0000000012` → 12. */
function sequenceOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('_') + 1));
}

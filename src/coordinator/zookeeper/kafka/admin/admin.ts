/** What administrative procedures of a broker share (ZkAdminManager): they write to ZooKeeper, and the controller sees it there. */
import type { Context } from '../../../../kernel/api.ts';
import type { Hashing } from '../../../../protocol/ports.ts';
import type { MetadataImage } from '../../../index.ts';
import type { SecurityState } from '../../../security/security-state.ts';
import type { AclWatch } from '../acl-watch.ts';
import type { ZooKeeperModeSettings } from '../settings.ts';
import { type Task, until } from '../task.ts';
import type { ZkAccess } from '../zk-access.ts';

export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

export function refuse(errorCode: number, errorMessage: string): Refusal {
  return { errorCode, errorMessage };
}

export interface Admin {
  readonly context: Context;
  readonly zk: ZkAccess;
  readonly settings: ZooKeeperModeSettings;
  readonly image: () => MetadataImage;
  readonly waits: MetadataWaits;
  /** As this broker knows it. */
  readonly security: () => SecurityState;
  /** Null without an authorizer. */
  readonly acls: AclWatch | null;
  readonly hashing: Hashing | undefined;
}

interface WaitFor {
  readonly holds: () => boolean;
  readonly done: (held: boolean) => void;
}

/** Requests that are parked until this broker's own metadata shows what they asked for. */
export class MetadataWaits {
  private readonly context: Context;
  private readonly waiting = new Set<WaitFor>();

  constructor(context: Context) {
    this.context = context;
  }

  /** False if it did not come to hold in time. */
  *until(holds: () => boolean, timeoutMs: number): Task<boolean> {
    if (holds()) return true;
    if (timeoutMs <= 0) return false;
    return yield* until<boolean>((resume) => {
      const wait: WaitFor = {
        holds,
        done: (held) => {
          this.waiting.delete(wait);
          timer.cancel();
          resume(held);
        },
      };
      const timer = this.context.after(timeoutMs * 1000, (late) => late.done(false), wait);
      this.waiting.add(wait);
    });
  }

  /** The metadata has changed. */
  check(): void {
    for (const wait of [...this.waiting]) if (wait.holds()) wait.done(true);
  }
}

/** Whether every partition up to this number has a leader that lives. */
export function hasLeaders(image: MetadataImage, topic: string, partitions: number): boolean {
  const states = image.topics.get(topic)?.partitions ?? [];
  return states.length >= partitions && states.every(({ leader }) => image.brokers.has(leader));
}

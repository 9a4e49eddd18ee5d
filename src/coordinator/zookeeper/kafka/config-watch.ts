/**
 * Dynamic settings (DynamicConfigManager, ZkNodeChangeNotificationListener). A broker reads them all at its start, and one resource
 * anew for each notification that somebody leaves in `/config/changes`.
 */
import type { Context } from '../../../kernel/api.ts';
import type { MetadataDelta } from '../../index.ts';
import { ZkCode } from '../ensemble/codes.ts';
import type { MetadataCache } from './metadata-cache.ts';
import { all, runTask, type Task } from './task.ts';
import { SessionLost, type ZkAccess } from './zk-access.ts';
import { CONFIG_CHANGES_PATH, configPath, decodeConfig, decodeConfigChange, parseEntityPath } from './znodes.ts';

/** Notifications that are older are removed by whoever looks next. */
const KEEP_NOTIFICATIONS_MS = 15 * 60_000;

type Resource = MetadataDelta['changedConfigs'][number];

export class ConfigWatch {
  private readonly context: Context;
  private readonly zk: ZkAccess;
  private readonly cache: MetadataCache;
  private readonly onChanged: (resources: readonly Resource[]) => void;
  /** Sequence number of the latest notification that was acted on. */
  private last = -1;
  private running = false;
  private again = false;

  constructor(
    context: Context,
    zk: ZkAccess,
    cache: MetadataCache,
    onChanged: (resources: readonly Resource[]) => void,
  ) {
    this.context = context;
    this.zk = zk;
    this.cache = cache;
    this.onChanged = onChanged;
  }

  /** Everything there is, and a watch for what comes. */
  *readAll(): Task<void> {
    const { zk } = this;
    const { children } = yield* zk.getChildren(CONFIG_CHANGES_PATH, true);
    this.last = Math.max(this.last, ...children.map(sequenceOf));
    const topics = yield* zk.getChildren('/config/topics');
    const brokers = yield* zk.getChildren('/config/brokers');
    const resources: Resource[] = [
      ...topics.children.map((name) => ({ type: 'topic', name }) as const),
      ...brokers.children.map((name) => ({ type: 'broker', name: name === '<default>' ? '' : name }) as const),
    ];
    yield* this.readResources(resources);
  }

  /** Settings of these resources as they are in ZooKeeper now. */
  *readResources(resources: readonly Resource[]): Task<void> {
    const replies = yield* all(resources.map(({ type, name }) => this.zk.getData(configPath(type, name))));
    resources.forEach(({ type, name }, i) => {
      const { err, data } = replies[i]!;
      this.cache.setConfig(type, name, err === ZkCode.OK ? decodeConfig(data) : new Map());
    });
  }

  /** The watch fired, or the session is new. One pass at a time. */
  look(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    runTask(this.processNotifications(), this.looked, this.failed);
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

  private *processNotifications(): Task<void> {
    const { zk } = this;
    const { children } = yield* zk.getChildren(CONFIG_CHANGES_PATH, true);
    const fresh = children.filter((name) => sequenceOf(name) > this.last);
    const resources: Resource[] = [];
    for (const name of fresh) {
      const { err, data } = yield* zk.getData(`${CONFIG_CHANGES_PATH}/${name}`);
      this.last = Math.max(this.last, sequenceOf(name));
      const resource = err === ZkCode.OK ? parseEntityPath(decodeConfigChange(data)) : undefined;
      if (resource !== undefined) resources.push(resource);
    }
    if (resources.length > 0) {
      yield* this.readResources(resources);
      this.onChanged(resources);
    }
    yield* this.purge(children);
  }

  private *purge(children: readonly string[]): Task<void> {
    for (const name of children) {
      const path = `${CONFIG_CHANGES_PATH}/${name}`;
      const { stat } = yield* this.zk.exists(path);
      if (stat === null) continue;
      if (this.context.wallMs() - stat.ctime <= KEEP_NOTIFICATIONS_MS) return;
      yield* this.zk.delete(path);
    }
  }
}

/** `config_change_0000000012` → 12. */
function sequenceOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('_') + 1));
}

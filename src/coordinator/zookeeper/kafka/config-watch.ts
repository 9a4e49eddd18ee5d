/**
 * Dynamic settings (DynamicConfigManager): of topics and brokers, and the quotas and credentials of users, client ids and addresses. A
 * broker reads them all at its start, and one resource anew for each notification that somebody leaves in `/config/changes`.
 */
import type { Context } from '../../../kernel/api.ts';
import { ZkCode } from '../ensemble/codes.ts';
import { ChangeNotifications } from './change-notifications.ts';
import type { MetadataCache } from './metadata-cache.ts';
import { parseClientEntity } from './security-znodes.ts';
import { all, type Task } from './task.ts';
import type { ZkAccess } from './zk-access.ts';
import { CONFIG_CHANGES_PATH, configPath, decodeConfig, decodeConfigChange, parseEntityPath } from './znodes.ts';

/** ZooKeeper holds settings of topics and brokers alone. */
type Resource = { readonly type: 'topic' | 'broker'; readonly name: string };

export class ConfigWatch {
  private readonly zk: ZkAccess;
  private readonly cache: MetadataCache;
  private readonly onChanged: (resources: readonly Resource[]) => void;
  private readonly notifications: ChangeNotifications;

  constructor(
    context: Context,
    zk: ZkAccess,
    cache: MetadataCache,
    onChanged: (resources: readonly Resource[]) => void,
  ) {
    this.zk = zk;
    this.cache = cache;
    this.onChanged = onChanged;
    this.notifications = new ChangeNotifications(context, zk, CONFIG_CHANGES_PATH, (notes) => this.changed(notes));
  }

  /** Everything there is, and a watch for what comes. */
  *readAll(): Task<void> {
    const { zk } = this;
    yield* this.notifications.begin();
    const topics = yield* zk.getChildren('/config/topics');
    const brokers = yield* zk.getChildren('/config/brokers');
    const resources: Resource[] = [
      ...topics.children.map((name) => ({ type: 'topic', name }) as const),
      ...brokers.children.map((name) => ({ type: 'broker', name: name === '<default>' ? '' : name }) as const),
    ];
    yield* this.readResources(resources);
    yield* this.readClientEntities();
  }

  private *readClientEntities(): Task<void> {
    const { zk } = this;
    const [users, clients, ips] = yield* all(
      ['users', 'clients', 'ips'].map((folder) => zk.getChildren(`/config/${folder}`)),
    );
    const paths = [
      ...clients!.children.map((name) => `clients/${name}`),
      ...ips!.children.map((name) => `ips/${name}`),
    ];
    for (const user of users!.children) {
      paths.push(`users/${user}`);
      const own = yield* zk.getChildren(`/config/users/${user}/clients`);
      paths.push(...own.children.map((name) => `users/${user}/clients/${name}`));
    }
    yield* this.readClientSettings(paths);
  }

  /** Settings of these resources as they are in ZooKeeper now. */
  *readResources(resources: readonly Resource[]): Task<void> {
    const replies = yield* all(resources.map(({ type, name }) => this.zk.getData(configPath(type, name))));
    resources.forEach(({ type, name }, i) => {
      const { err, data } = replies[i]!;
      this.cache.setConfig(type, name, err === ZkCode.OK ? decodeConfig(data) : new Map());
    });
  }

  /** Those of users, client ids and addresses: `users/alice`. */
  *readClientSettings(paths: readonly string[]): Task<void> {
    const replies = yield* all(paths.map((path) => this.zk.getData(`/config/${path}`)));
    paths.forEach((path, i) => {
      const entity = parseClientEntity(path);
      const { err, data } = replies[i]!;
      if (entity !== undefined)
        this.cache.setClientSettings(entity, err === ZkCode.OK ? decodeConfig(data) : new Map());
    });
  }

  /** The watch fired, or the session is new. */
  look(): void {
    this.notifications.look();
  }

  private *changed(notes: readonly (Uint8Array | null)[]): Task<void> {
    const paths = notes.map(decodeConfigChange);
    const resources = paths.flatMap((path) => parseEntityPath(path) ?? []);
    if (resources.length > 0) {
      yield* this.readResources(resources);
      this.onChanged(resources);
    }
    const clients = paths.filter((path) => parseEntityPath(path) === undefined);
    if (clients.length > 0) yield* this.readClientSettings(clients);
  }
}

/**
 * ACLs as a broker of ZooKeeper mode keeps them (AclAuthorizer): all of them read at its start, and those of one resource anew for each
 * notification. Without an authorizer there are none, and nobody looks.
 */
import type { Context } from '../../../kernel/api.ts';
import { ZkCode } from '../ensemble/codes.ts';
import { ChangeNotifications } from './change-notifications.ts';
import type { MetadataCache } from './metadata-cache.ts';
import {
  ACL_CHANGES_PATH,
  ACL_FOLDERS,
  ACL_PATHS,
  type AclResource,
  aclPath,
  decodeAclChange,
  decodeAcls,
  EXTENDED_ACL_CHANGES_PATH,
  parseAclPath,
} from './security-znodes.ts';
import { all, type Task } from './task.ts';
import type { ZkAccess } from './zk-access.ts';

export class AclWatch {
  private readonly zk: ZkAccess;
  private readonly cache: MetadataCache;
  private readonly notifications: readonly ChangeNotifications[];

  constructor(context: Context, zk: ZkAccess, cache: MetadataCache) {
    this.zk = zk;
    this.cache = cache;
    this.notifications = [ACL_CHANGES_PATH, EXTENDED_ACL_CHANGES_PATH].map(
      (path) => new ChangeNotifications(context, zk, path, (notes) => this.changed(notes)),
    );
  }

  *readAll(): Task<void> {
    const { zk } = this;
    for (const path of ACL_PATHS) yield* zk.create(path, null);
    for (const notifications of this.notifications) yield* notifications.begin();
    const folders = yield* all(ACL_FOLDERS.map((folder) => zk.getChildren(folder)));
    const paths = ACL_FOLDERS.flatMap((folder, i) => folders[i]!.children.map((name) => `${folder}/${name}`));
    yield* this.read(paths.flatMap((path) => parseAclPath(path) ?? []));
  }

  /** ACLs of these resources as they are in ZooKeeper now. */
  *read(resources: readonly AclResource[]): Task<void> {
    const replies = yield* all(resources.map((resource) => this.zk.getData(aclPath(resource))));
    resources.forEach((resource, i) => {
      const { err, data } = replies[i]!;
      this.cache.setAcls(resource, err === ZkCode.OK ? decodeAcls(resource, data) : new Map());
    });
  }

  /** Whether a watch at this path was this one's; then it has looked. */
  onWatch(path: string): boolean {
    const mine = this.notifications.find((notifications) => notifications.path === path);
    mine?.look();
    return mine !== undefined;
  }

  /** The session is new. */
  look(): void {
    for (const notifications of this.notifications) notifications.look();
  }

  private changed(notes: readonly (Uint8Array | null)[]): Task<void> {
    return this.read(notes.flatMap((note) => decodeAclChange(note) ?? []));
  }
}

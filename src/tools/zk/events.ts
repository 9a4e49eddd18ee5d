/** What a watcher of zkCli prints (ZooKeeperMain.MyWatcher, WatchedEvent). */
import { EventType } from '../../coordinator/zookeeper/ensemble/messages.ts';

const NAMES = {
  [EventType.nodeCreated]: 'NodeCreated',
  [EventType.nodeDeleted]: 'NodeDeleted',
  [EventType.nodeDataChanged]: 'NodeDataChanged',
  [EventType.nodeChildrenChanged]: 'NodeChildrenChanged',
} as const;

/** `EventType` of a server's event, or the name of one that the client makes itself. */
export type EventName = EventType | 'None' | 'DataWatchRemoved' | 'ChildWatchRemoved' | 'PersistentWatchRemoved';

export function watchedEvent(state: string, type: EventName, path: string | null): readonly string[] {
  const name = typeof type === 'number' ? NAMES[type] : type;
  return ['', 'WATCHER::', '', `WatchedEvent state:${state} type:${name} path:${path}`];
}

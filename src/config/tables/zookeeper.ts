import { boolean, int, long, string, table, timer } from '../entry.ts';

/**
 * Settings of a ZooKeeper server, in `zoo.cfg`. Sources: QuorumPeerConfig, ZooKeeperServer (release 3.8). The limits that
 * the code gives no default are those of the sample configuration that ships with it.
 */
export const zookeeperEntries = table({
  tickTime: timer(3000, 'The unit of all other times; sessions expire on its multiples.', { min: 1 }),
  initLimit: int(10, 'How many ticks a follower may take to connect to a leader and catch up.', { min: 1 }),
  syncLimit: int(5, 'How many ticks leader and follower may go without hearing from each other.', { min: 1 }),
  connectToLearnerMasterLimit: int(0, 'How many ticks a follower may take to connect; 0: initLimit.', { min: 0 }),
  minSessionTimeout: int(null, 'Least session time-out; unset: two ticks.', { min: -1 }),
  maxSessionTimeout: int(null, 'Greatest session time-out; unset: twenty ticks.', { min: -1 }),
  maxClientCnxns: int(60, 'How many connections one address may have; 0: any number.', { min: 0 }),
  maxCnxns: int(0, 'How many connections a server accepts; 0: any number.', { min: 0 }),
  snapCount: int(100_000, 'After about how many transactions a snapshot is taken.', { min: 2 }),
  preAllocSize: int(65_536, 'How many kilobytes a transaction log grows by.', { min: 1 }),
  forceSync: string('yes', 'Whether transactions are fsynced before they are acknowledged.', { values: ['yes', 'no'] }),
  'fsync.warningthresholdms': long(1000, 'From which length on an fsync is worth a warning.', { min: 0 }),
  globalOutstandingLimit: int(1000, 'How many requests may wait before clients are left unread.', { min: 1 }),
  commitLogCount: int(500, 'How many transactions a leader keeps in memory to catch followers up with.', { min: 1 }),
  'jute.maxbuffer': int(1_048_575, 'The largest packet, and so the largest znode.', { min: 1 }),
  'autopurge.snapRetainCount': int(3, 'How many snapshots purging leaves.', { min: 3 }),
  'autopurge.purgeInterval': int(0, 'How many hours lie between purges; 0: none.', { min: 0 }),
  'readonlymode.enabled': boolean(false, 'Whether a server cut off from the quorum serves readers.'),
  leaderServes: string('yes', 'Whether the leader has clients of its own.', { values: ['yes', 'no'] }),
  electionAlg: int(3, 'The election algorithm; only 3 exists.', { min: 3, max: 3 }),
  clientPort: int(2181, 'Where clients connect.', { min: 0, max: 65_535 }),
  clientPortAddress: string(null, 'At which address clients connect.'),
  dataDir: string(null, 'Where snapshots stand.'),
  dataLogDir: string(null, 'Where transaction logs stand; unset: with the snapshots.'),
  'admin.enableServer': boolean(true),
  'admin.serverPort': int(8080),
  '4lw.commands.whitelist': string('srvr'),
  standaloneEnabled: boolean(true),
  reconfigEnabled: boolean(false),
  quorumListenOnAllIPs: boolean(false),
  skipACL: string('no', '', { values: ['yes', 'no'] }),
  'metricsProvider.className': string(null),
});

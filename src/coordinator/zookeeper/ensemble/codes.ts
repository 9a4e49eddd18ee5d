/** ZooKeeper's numbers: operations and errors (ZooDefs.OpCode, KeeperException.Code). */

export const OpCode = {
  notification: 0,
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getACL: 6,
  setACL: 7,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  removeWatches: 18,
  createContainer: 19,
  /** Made by the leader itself. */
  deleteContainer: 20,
  createTTL: 21,
  auth: 100,
  setWatches: 101,
  getEphemerals: 103,
  getAllChildrenNumber: 104,
  setWatches2: 105,
  addWatch: 106,
  whoAmI: 107,
  error: -1,
  createSession: -10,
  closeSession: -11,
} as const;

export const ZkCode = {
  OK: 0,
  SYSTEM_ERROR: -1,
  /** Of a multi: an operation behind the one that failed. */
  RUNTIME_INCONSISTENCY: -2,
  /** Made by the client itself: the operation may or may not have happened. */
  CONNECTION_LOSS: -4,
  MARSHALLING_ERROR: -5,
  UNIMPLEMENTED: -6,
  BAD_ARGUMENTS: -8,
  NO_NODE: -101,
  NO_AUTH: -102,
  BAD_VERSION: -103,
  NO_CHILDREN_FOR_EPHEMERALS: -108,
  NODE_EXISTS: -110,
  NOT_EMPTY: -111,
  SESSION_EXPIRED: -112,
  INVALID_ACL: -114,
  AUTH_FAILED: -115,
  /** Never answered: the server closes the connection of a session that moved away. */
  SESSION_MOVED: -118,
  NO_WATCHER: -121,
  RECONFIG_DISABLED: -123,
} as const;
export type ZkCode = (typeof ZkCode)[keyof typeof ZkCode];

const names = new Map<number, string>(Object.entries(ZkCode).map(([name, code]) => [code, name]));

/** `NO_NODE` for -101; the bare number for a code that is not in the table. */
export function zkCodeName(code: number): string {
  return names.get(code) ?? String(code);
}

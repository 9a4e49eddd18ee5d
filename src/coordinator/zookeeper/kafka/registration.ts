/** What a broker does at ZooKeeper when it starts, and again with each new session (KafkaZkClient.registerBroker). */
import type { Context } from '../../../kernel/api.ts';
import type { BrokerIdentity } from '../../index.ts';
import { createOp, setDataOp } from '../client/ops.ts';
import { ZkCode } from '../ensemble/codes.ts';
import { CreateFlag } from '../ensemble/messages.ts';
import { all, type Task } from './task.ts';
import type { ZkAccess } from './zk-access.ts';
import {
  brokerPath,
  CLUSTER_ID_PATH,
  decodeClusterId,
  encodeBroker,
  encodeClusterId,
  PERSISTENT_PATHS,
} from './znodes.ts';

/** Parents before children: requests of one session are carried out in order. */
export function* ensurePaths(zk: ZkAccess): Task<void> {
  yield* all(PERSISTENT_PATHS.map((path) => zk.create(path, null)));
}

/** The id of the cluster that this ensemble belongs to; the first broker decides it. */
export function* ensureClusterId(zk: ZkAccess, proposed: string): Task<string> {
  for (;;) {
    const { err, data } = yield* zk.getData(CLUSTER_ID_PATH);
    if (err === ZkCode.OK) return decodeClusterId(data);
    yield* zk.create(CLUSTER_ID_PATH, encodeClusterId(proposed));
  }
}

export interface Registrant {
  readonly context: Context;
  readonly identity: BrokerIdentity;
  readonly internalPort: string;
  /** The session that this process had before the present one; 0 if none. */
  readonly previousSession: number;
}

/** The broker epoch: czxid of its new znode. Null if the znode is there and belongs to somebody else. */
export function* registerBroker(zk: ZkAccess, registrant: Registrant): Task<number | null> {
  const { context, identity, internalPort, previousSession } = registrant;
  const path = brokerPath(identity.id);
  for (;;) {
    const data = encodeBroker(identity, { internalPort, wallMs: context.wallMs() });
    const { err } = yield* zk.multi([createOp(path, null, CreateFlag.ephemeral), setDataOp(path, data, 0)]);
    const { stat } = yield* zk.exists(path);
    if (err === ZkCode.OK && stat !== null) return stat.czxid;
    if (err !== ZkCode.NODE_EXISTS || stat === null) continue;
    // After a broken connection it may be its own: of this session, or of the one before, which nobody has cleared away yet.
    if (stat.ephemeralOwner === zk.sessionId) return stat.czxid;
    if (previousSession === 0 || stat.ephemeralOwner !== previousSession) return null;
    yield* zk.delete(path);
  }
}

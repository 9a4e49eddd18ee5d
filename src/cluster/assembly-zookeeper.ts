import { REPLICATION_PORT } from '../broker/listeners.ts';
import { fastTimer } from '../config/config.ts';
import type { AuthorityHandle } from '../coordinator/index.ts';
import { type ServerHandle, zookeeperEnsemble } from '../coordinator/zookeeper/ensemble/server.ts';
import { formatSessionId, parseSessionId } from '../coordinator/zookeeper/ensemble/sessions.ts';
import { AuthorityTranslator } from '../coordinator/zookeeper/kafka/authority.ts';
import { createZooKeeperCoordination } from '../coordinator/zookeeper/kafka/broker-side.ts';
import { zooKeeperModeSettings } from '../coordinator/zookeeper/kafka/settings.ts';
import { brokerPath } from '../coordinator/zookeeper/kafka/znodes.ts';
import type { CoordinationAssembly, CoordinationParts } from './assembly.ts';
import { quorumNodes } from './options.ts';

/** A ZooKeeper ensemble, and brokers that are its clients. */
export function assembleZooKeeper(parts: CoordinationParts): CoordinationAssembly {
  const { options, rpc, config, clusterId, onAuthority, hashing } = parts;
  const { tickTimeMs, initLimit, syncLimit } = options.zookeeper;
  const nodes = quorumNodes(options);
  const authority = new AuthorityTranslator();
  const programs = zookeeperEnsemble({
    servers: nodes.map((node, index) => ({ sid: index + 1, node })),
    tickTimeMs: options.timers === 'fast' ? fastTimer(tickTimeMs) : tickTimeMs,
    initLimit,
    syncLimit,
    onCommit: authority.onCommit,
    onStart: (server) => onAuthority(sessionsOf(server)),
  });
  const settings = zooKeeperModeSettings(config);
  return {
    programs,
    coordination: (context, identity) =>
      createZooKeeperCoordination(context, {
        clusterId,
        identity,
        rpc,
        servers: nodes,
        internalPort: REPLICATION_PORT,
        settings,
        hashing,
        onController: onAuthority,
      }),
  };
}

/** The leader of the ensemble can end sessions; the controllership is the brokers' affair. */
function sessionsOf(server: ServerHandle): AuthorityHandle {
  return {
    node: server.context.node,
    get active() {
      return server.leads;
    },
    expireSession(brokerId) {
      const owner = server.tree.get(brokerPath(brokerId))?.ephemeralOwner;
      return owner !== undefined && owner !== 0 && server.expireSession(owner);
    },
    endSession: (session) => server.expireSession(parseSessionId(session)),
    resign: () => false,
    get watches() {
      return server.watches;
    },
    watchersOf: (path) => server.watchersOf(path).map(formatSessionId),
  };
}

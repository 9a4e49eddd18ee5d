/** mntr: figures for monitors, a key and a value a line (MonitorCommand). Of the metrics behind them only those that are counted here. */
import { VERSION } from '../version.ts';
import { average, nodeCountOf, outstandingOf } from './server.ts';
import { type FourLetterWord, type ServerView, text } from './view.ts';

export const mntr: FourLetterWord = {
  name: 'mntr',
  about: 'figures for monitors',
  answer: (view) =>
    text(...[...common(view), ...ofLeader(view), ['zk_looking_count', view.elections]].map((pair) => pair.join('\t'))),
};

type Figure = readonly [key: string, value: string | number];

function common(view: ServerView): readonly Figure[] {
  const { leading, tree, traffic, connections, watches, upMs, servers } = view;
  const ephemerals = [...tree.ephemerals.values()].reduce((sum, paths) => sum + paths.size, 0);
  return [
    ['zk_version', VERSION],
    ['zk_server_state', leading === null ? 'follower' : 'leader'],
    ['zk_peer_state', leading === null ? 'following - broadcast' : 'leading - broadcast'],
    ['zk_ephemerals_count', ephemerals],
    ['zk_num_alive_connections', connections.length + 1],
    ['zk_avg_latency', average(traffic.latencyAverageMs)],
    ['zk_min_latency', traffic.latencyMinMs],
    ['zk_max_latency', traffic.latencyMaxMs],
    ['zk_outstanding_requests', outstandingOf(view)],
    ['zk_znode_count', nodeCountOf(view)],
    ['zk_watch_count', watches.dataWatches.size],
    ['zk_global_sessions', tree.sessions.size],
    ['zk_local_sessions', 0],
    ['zk_packets_received', traffic.received],
    ['zk_packets_sent', traffic.sent],
    ['zk_approximate_data_size', tree.approximateBytes()],
    ['zk_uptime', Math.floor(upMs)],
    ['zk_connection_drop_probability', '0.0'],
    ['zk_quorum_size', servers],
  ];
}

function ofLeader({ leading, upMs, txnSizes }: ServerView): readonly Figure[] {
  if (leading === null) return [];
  return [
    ['zk_learners', leading.learners],
    ['zk_synced_followers', leading.synced],
    ['zk_synced_non_voting_followers', 0],
    ['zk_synced_observers', 0],
    ['zk_pending_syncs', leading.pendingSyncs],
    ['zk_leader_uptime', Math.floor(upMs)],
    ['zk_last_proposal_size', txnSizes.last],
    ['zk_min_proposal_size', txnSizes.least],
    ['zk_max_proposal_size', txnSizes.most],
  ];
}

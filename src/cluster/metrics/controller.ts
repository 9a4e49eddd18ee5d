/** Beans of controllers and of the metadata quorum. */
import type { Cluster } from '../cluster.ts';
import { countPartitions } from '../observables/cluster.ts';
import { brokerNode, quorumNodes } from '../options.ts';
import type { Metric, Sample } from './metric.ts';

/** Who may be the active controller. */
function controllers({ mode, options, model }: Cluster): readonly string[] {
  const nodes = mode === 'kraft' ? quorumNodes(options) : options.brokers.map(({ id }) => brokerNode(id));
  return nodes.filter((node) => model.nodes.running(node));
}

/** One that is not active reports 0. */
function ofController(
  name: string,
  about: string,
  read: (cluster: Cluster) => number,
  more: Pick<Metric, 'modes'> & { readonly type?: string } = {},
): Metric {
  const { type = 'KafkaController', modes } = more;
  return {
    name: `kafka.controller:type=${type},name=${name}`,
    about,
    ...(modes !== undefined && { modes }),
    read: (cluster) =>
      controllers(cluster).map((of) => ({ of, value: cluster.model.authority.believers.has(of) ? read(cluster) : 0 })),
  };
}

const KRAFT = { modes: ['kraft'] } as const;

function raft(name: string, about: string, read: (member: RaftMember, cluster: Cluster) => number | string): Metric {
  return {
    name: `kafka.server:type=raft-metrics ${name}`,
    about,
    ...KRAFT,
    read: (cluster): readonly Sample[] =>
      controllers(cluster).flatMap((of) => {
        const member = cluster.model.quorumMembers.all.get(of);
        return member === undefined ? [] : [{ of, value: read(member, cluster) }];
      }),
  };
}

type RaftMember = NonNullable<ReturnType<Cluster['model']['quorumMembers']['all']['get']>>;

export const controllerMetrics: readonly Metric[] = [
  ofController('ActiveControllerCount', 'whether it is the active controller; 1 over all of them', () => 1),
  ofController('OfflinePartitionsCount', 'partitions without a leader', ({ model }) =>
    countPartitions(model, null, ({ leader }) => leader < 0),
  ),
  ofController(
    'PreferredReplicaImbalanceCount',
    'partitions that another than the preferred replica leads',
    (cluster) => countPartitions(cluster.model, null, ({ leader, replicas }) => leader !== replicas[0]),
  ),
  ofController('GlobalTopicCount', 'topics, the internal ones too', ({ model }) => model.authority.topics.size),
  ofController('GlobalPartitionCount', 'their partitions', ({ model }) => model.authority.partitions.size),
  ofController(
    'ActiveBrokerCount',
    'brokers that are registered and not fenced',
    ({ model }) => [...model.authority.brokers.values()].filter(({ fenced }) => !fenced).length,
    KRAFT,
  ),
  ofController(
    'FencedBrokerCount',
    'brokers that are registered and fenced',
    ({ model }) => [...model.authority.brokers.values()].filter(({ fenced }) => fenced).length,
    KRAFT,
  ),
  ofController(
    'LastCommittedRecordOffset',
    'latest decision that the metadata quorum has committed',
    ({ model }) => model.authority.version,
    KRAFT,
  ),
  ofController(
    'UncleanLeaderElectionsPerSec',
    'leaders elected from outside the ISR, in all (the Count)',
    ({ model }) => model.authority.uncleanElections,
    { type: 'ControllerStats' },
  ),
  raft('current-state', 'leader, follower, candidate or unattached', ({ role }) =>
    role === 'looking' ? 'unattached' : role,
  ),
  raft('current-leader', 'id of the leader that it follows; -1: of none', ({ role, name, follows }) => {
    const leader = role === 'leader' ? name : follows;
    return leader === '' ? -1 : Number(leader.slice(leader.lastIndexOf('-') + 1));
  }),
  raft('current-epoch', 'epoch of the quorum, as it knows it', ({ epoch }) => epoch),
  raft('log-end-offset', 'end of its copy of the metadata log', ({ logEndOffset }) => logEndOffset),
];

import { DescribeQuorum, type ReplicaState } from '../../protocol/apis/55-describe-quorum.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { RemoveRaftVoter } from '../../protocol/apis/81-remove-raft-voter.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { printTable } from './columns.ts';
import { PlainError, refuse } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

/** MetadataQuorumCommand. */
export const metadataQuorum: Tool = {
  name: 'kafka-metadata-quorum',
  summary: 'the KRaft quorum: its leader, and how far each voter and observer has read',
  differs:
    'In ZooKeeper mode no broker knows the request. The voters of a cluster here are those that it began with (`kraft.version` 0).',
  commands: ['describe', 'add-controller', 'remove-controller'],
  parser: 'kafka-metadata-quorum',
  options: [
    { name: 'status', about: 'the quorum as a whole' },
    { name: 'replication', about: 'each of its members' },
    { name: 'human-readable', about: 'times as how long ago' },
    { name: 'controller-id', value: 'ID', about: 'for remove-controller' },
    { name: 'controller-directory-id', value: 'UUID', about: 'for remove-controller' },
    { name: 'dry-run', about: 'only say what would be asked' },
  ],
  examples: ['kafka-metadata-quorum describe --status', 'kafka-metadata-quorum describe --replication'],
  *run(call) {
    const { args } = call;
    const command = args.command();
    if (command === 'add-controller')
      throw new PlainError(
        'You must supply the configuration file of the controller you are adding when using add-controller.',
      );
    if (command === 'remove-controller') return yield* removeController(call);
    if (args.has('status') && args.has('replication'))
      throw new PlainError('Only one of --status or --replication should be specified with describe sub-command');
    if (!args.has('status') && !args.has('replication'))
      throw new PlainError('One of --status or --replication must be specified with describe sub-command');
    const quorum = yield* describeQuorum(call);
    if (args.has('status')) yield* printStatus(call, quorum);
    else printReplication(call, quorum);
  },
};

function* removeController({ admin, args, print }: ToolCall): Steps<void> {
  args.required('controller-id');
  const voterId = args.integer('controller-id')!;
  const voterDirectoryId = args.required('controller-directory-id');
  if (args.has('dry-run'))
    return print(`DRY RUN of removing  KRaft controller ${voterId} with directory id ${voterDirectoryId}`);
  const body = RemoveRaftVoter.request.make({ clusterId: null, voterId, voterDirectoryId });
  const { errorCode, errorMessage } = yield* ask(admin, RemoveRaftVoter, body, { kind: 'any' });
  refuse(errorCode, errorMessage);
  print(`Removed KRaft controller ${voterId} with directory id ${voterDirectoryId}`);
}

function* describeQuorum({ admin }: ToolCall) {
  const body = DescribeQuorum.request.make({
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  });
  const response = yield* ask(admin, DescribeQuorum, body, { kind: 'any' });
  refuse(response.errorCode, response.errorMessage);
  const partition = response.topics[0]!.partitions[0]!;
  refuse(partition.errorCode, partition.errorMessage);
  return { ...partition, nodes: response.nodes };
}

type Quorum = ReturnType<typeof describeQuorum> extends Generator<unknown, infer T> ? T : never;

function* printStatus({ admin, print, data }: ToolCall, quorum: Quorum): Steps<void> {
  const { clusterId } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  const { leaderId, leaderEpoch, highWatermark, currentVoters, observers, nodes } = quorum;
  const leader = currentVoters.find(({ replicaId }) => replicaId === leaderId);
  const followers = currentVoters.filter((voter) => voter !== leader);
  const slowest = Math.min(...followers.map(({ lastCaughtUpTimestamp }) => lastCaughtUpTimestamp));
  const known = leader !== undefined && followers.length > 0;
  const lag = known ? Math.max(...followers.map(({ logEndOffset }) => leader.logEndOffset - logEndOffset)) : 0;
  const lagMs = !known ? 0 : slowest < 0 ? -1 : leader.lastCaughtUpTimestamp - slowest;
  const member = ({ replicaId, replicaDirectoryId }: ReplicaState): string => {
    const listeners = nodes.find(({ nodeId }) => nodeId === replicaId)?.listeners ?? [];
    const endpoints = listeners.map(({ name, host, port }) => `"${name}://${host}:${port}"`);
    return [
      `{"id": ${replicaId}`,
      ...(replicaDirectoryId === ZERO_UUID ? [] : [`"directoryId": "${replicaDirectoryId}"`]),
      ...(replicaDirectoryId === ZERO_UUID || endpoints.length === 0 ? [] : [`"endpoints": [${endpoints.join(', ')}]`]),
    ]
      .join(', ')
      .concat('}');
  };
  data({
    ClusterId: clusterId,
    LeaderId: leaderId,
    LeaderEpoch: leaderEpoch,
    HighWatermark: highWatermark,
    MaxFollowerLag: lag,
    MaxFollowerLagTimeMs: lagMs,
    CurrentVoters: currentVoters.map(({ replicaId }) => replicaId),
    CurrentObservers: observers.map(({ replicaId }) => replicaId),
  });
  print(
    `ClusterId:              ${clusterId}`,
    `LeaderId:               ${leaderId}`,
    `LeaderEpoch:            ${leaderEpoch}`,
    `HighWatermark:          ${highWatermark}`,
    `MaxFollowerLag:         ${lag}`,
    `MaxFollowerLagTimeMs:   ${lagMs}`,
    `CurrentVoters:          [${currentVoters.map(member).join(', ')}]`,
    `CurrentObservers:       [${observers.map(member).join(', ')}]`,
  );
}

function printReplication(call: ToolCall, { leaderId, currentVoters, observers }: Quorum): void {
  const { admin, args } = call;
  const nowMs = admin.network.context.wallMs();
  const time = (ms: number): string | number =>
    ms < 0 ? -1 : args.has('human-readable') ? `${Math.max(0, nowMs - ms)} ms ago` : ms;
  const leader = currentVoters.filter(({ replicaId }) => replicaId === leaderId);
  const followers = currentVoters.filter(({ replicaId }) => replicaId !== leaderId);
  const rows = [
    ...leader.map((state) => ({ state, status: 'Leader' })),
    ...followers.map((state) => ({ state, status: 'Follower' })),
    ...observers.map((state) => ({ state, status: 'Observer' })),
  ].map(({ state, status }) => [
    state.replicaId,
    state.replicaDirectoryId,
    state.logEndOffset,
    (leader[0]?.logEndOffset ?? state.logEndOffset) - state.logEndOffset,
    time(state.lastFetchTimestamp),
    time(state.lastCaughtUpTimestamp),
    status,
  ]);
  const head = [
    'NodeId',
    'DirectoryId',
    'LogEndOffset',
    'Lag',
    'LastFetchTimestamp',
    'LastCaughtUpTimestamp',
    'Status',
  ];
  printTable(call, head, rows);
}

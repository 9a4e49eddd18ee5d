/** What a dashboard could show, made by hand. */
import type { DashboardView, PartitionRow } from '../../src/tools/view.ts';

export const partition = (index: number, change: Partial<PartitionRow> = {}): PartitionRow => ({
  name: `orders-${index}`,
  topic: 'orders',
  leader: (index % 3) + 1,
  leaderEpoch: 0,
  isr: [1, 2, 3],
  replicas: [1, 2, 3],
  highWatermark: 1200 + index,
  logEndOffset: 1203 + index,
  health: 'ok',
  ...change,
});

export const view: DashboardView = {
  title: 'Leader crash with acks=all (kraft, seed 42)',
  bootstrapServers: ['localhost:9092', 'localhost:9093', 'localhost:9094'],
  timeUs: 6_250_000,
  place: '',
  speed: 1,
  paused: false,
  status: 'running',
  statusTone: 'plain',
  health: [
    { label: 'brokers', full: 'brokers online', value: '2/3', tone: 'warn' },
    { label: 'controllers', full: 'active controllers', value: '1', tone: 'good' },
    { label: 'unclean', full: 'unclean elections', value: '0', tone: 'good' },
    { label: 'replicas', full: 'online replicas', value: '6/9', tone: 'warn' },
    { label: 'under-replicated', full: 'under-replicated', value: '1', tone: 'warn' },
    { label: 'at min ISR', full: 'at min ISR', value: '1', tone: 'plain' },
    { label: 'under min ISR', full: 'under min ISR', value: '0', tone: 'good' },
    { label: 'offline', full: 'offline partitions', value: '1', tone: 'bad' },
  ],
  nodes: [
    { name: 'broker-1', state: 'stopped', role: '', epoch: 6, leaders: 1, cpu: 12, tone: 'bad' },
    { name: 'broker-2', state: 'running', role: '', epoch: 7, leaders: 1, cpu: 12, tone: 'good' },
    { name: 'broker-3', state: 'paused', role: '', epoch: 8, leaders: 1, cpu: 12, tone: 'warn' },
    { name: 'controller-1001', state: 'running', role: 'controller', epoch: 1, leaders: null, cpu: null, tone: 'good' },
  ],
  partitions: [
    partition(0, { isr: [1], health: 'offline' }),
    partition(1, { isr: [2, 3], health: 'under-replicated' }),
    partition(2),
  ],
  producers: [
    {
      name: 'web',
      acked: 512,
      failed: 0,
      inFlight: 3,
      perSecond: 100,
      p99Us: 2100,
      sending: true,
      lastError: 'NOT_LEADER_OR_FOLLOWER',
    },
  ],
  rates: new Map([
    ['client:web', [0, 50, 100, 100]],
    ['group:billing', [0, 4, 12]],
    ['outside:shop', [10, 20]],
  ]),
  groups: [{ name: 'billing', state: 'Stable', members: 2, generation: 1, consumed: 500, lag: 12 }],
  outside: [
    {
      name: 'shop',
      software: 'kafkajs 2.2.4',
      hosts: ['127.0.0.1'],
      connections: 2,
      inFlight: 1,
      oldest: { api: 'Fetch', forUs: 480_000 },
      requestsPerSecond: 12,
      errors: 0,
      lastError: null,
      sent: 30,
      acked: 30,
      failed: 0,
      fetched: 0,
      perSecond: 20,
    },
  ],
  transactions: [
    { id: 'transfer', state: 'Ongoing', epoch: 0, committed: 3, aborted: 1, fenced: 0 },
    { id: 'audit', state: 'CompleteCommit', epoch: 2, committed: 9, aborted: 0, fenced: 1 },
  ],
  quorum: {
    kind: 'raft',
    leader: 'controller-1001',
    epoch: 1,
    committed: '120',
    members: [
      {
        name: 'controller-1001',
        role: 'leader',
        epoch: 1,
        tone: 'good',
        logEndOffset: 121,
        flushedOffset: 121,
        sessions: null,
        watches: null,
      },
      {
        name: 'controller-1002',
        role: 'follower',
        epoch: 1,
        tone: 'good',
        logEndOffset: 120,
        flushedOffset: 120,
        sessions: null,
        watches: null,
      },
      {
        name: 'controller-1003',
        role: 'stopped',
        epoch: -1,
        tone: 'bad',
        logEndOffset: 90,
        flushedOffset: 90,
        sessions: null,
        watches: null,
      },
    ],
    sessions: [],
    znodes: 0,
  },
  timeline: [
    {
      id: 1,
      atUs: 5_000_000,
      node: 'world',
      text: 'you typed: kill leader(orders-0)',
      raw: 'step-begun line=20 text=kill leader(orders-0)',
      tone: 'plain',
    },
    {
      id: 2,
      atUs: 5_000_000,
      node: 'broker-1',
      text: 'broker-1 was killed (SIGKILL)',
      raw: 'process-killed incarnation=1',
      tone: 'bad',
    },
  ],
  steps: [
    { state: 'passed', text: 'kill leader(orders-0) --as dead', note: 'broker-1' },
    { state: 'running', text: 'expect orders-0.leader != $dead within 25s', note: '' },
    { state: 'waiting', text: 'start $dead', note: '' },
  ],
};

/** A cluster of which nothing was asked yet. */
export const empty: DashboardView = {
  ...view,
  title: 'kzsim kraft, seed 1',
  partitions: [],
  producers: [],
  rates: new Map(),
  groups: [],
  outside: [],
  transactions: [],
  timeline: [],
  steps: [],
};

/** With an ensemble whose leader is gone. */
export const zookeeper: DashboardView = {
  ...view,
  title: 'kzsim zookeeper, seed 1',
  quorum: {
    kind: 'zab',
    leader: null,
    epoch: null,
    committed: '0x100000043',
    members: [
      { ...server('zk-1', 'looking', 'warn'), sessions: 0, watches: 0 },
      { ...server('zk-2', 'follower', 'good'), sessions: 2, watches: 31 },
      { ...server('zk-3', 'stopped', 'bad'), sessions: 1, watches: null },
    ],
    sessions: [
      { id: '0x200000000000', owner: 'broker-2', server: 'zk-2', timeoutMs: 18_000 },
      { id: '0x200000000001', owner: null, server: null, timeoutMs: 30_000 },
    ],
    znodes: 53,
  },
};

function server(name: string, role: string, tone: 'good' | 'warn' | 'bad') {
  return { name, role, epoch: 1, tone, logEndOffset: null, flushedOffset: null };
}

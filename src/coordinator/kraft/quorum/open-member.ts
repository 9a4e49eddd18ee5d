/** Opens a node's replica of the metadata log, and takes its part in the quorum: as a voter, or as an observer. */
import type { Context } from '../../../kernel/api.ts';
import type { RpcSettings } from '../../../rpc/api.ts';
import type { LogConfig } from '../../../storage/api.ts';
import { METADATA_TOPIC, openMetadataLog } from '../../../storage/metadata-log.ts';
import type { KraftCluster } from '../settings.ts';
import { ElectionStore } from './election-store.ts';
import { QuorumChannels } from './quorum-channels.ts';
import { QuorumLog } from './quorum-log.ts';
import { type QuorumListener, QuorumMember } from './quorum-member.ts';

/** `metadata.log.segment.bytes` and its like, which are not configurable further. */
const LOG_CONFIG: LogConfig = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 24 * 3600 * 1000,
  maxMessageBytes: 0x7fffffff,
  indexIntervalBytes: 4096,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  timestampAfterMaxMs: Number.MAX_SAFE_INTEGER,
  compact: false,
  deletes: true,
  retentionMs: -1,
  retentionBytes: -1,
  fileDeleteDelayMs: 60_000,
  memoryBytes: null,
  compression: null,
  flushMessages: Number.MAX_SAFE_INTEGER,
  producerIdExpirationMs: 86_400_000,
  producerIdCheckIntervalMs: 600_000,
  verifyTransactions: false,
};

/** How long a leader holds a fetch that finds nothing (`KafkaRaftClient.MAX_FETCH_WAIT_MS`). */
const FETCH_MAX_WAIT_MS = 500;

export interface MemberOptions {
  readonly cluster: KraftCluster;
  readonly nodeId: number;
  readonly rpc: RpcSettings;
  readonly listener: QuorumListener;
}

export function openMember(context: Context, { cluster, nodeId, rpc, listener }: MemberOptions): QuorumMember {
  const { clusterId, settings } = cluster;
  const voters = cluster.voters.map(({ id }) => id);
  const disk = context.disk(0);
  const host = {
    disk,
    wallMs: () => context.wallMs(),
    emit: context.emit.bind(context),
    diskFailed: () => context.exit(1, 'the metadata log directory failed'),
  };
  return new QuorumMember(context, {
    config: {
      nodeId,
      clusterId,
      voters,
      electionTimeoutMs: settings.electionTimeoutMs,
      fetchTimeoutMs: settings.fetchTimeoutMs,
      electionBackoffMaxMs: settings.electionBackoffMaxMs,
      retryBackoffMs: settings.retryBackoffMs,
      // Shorter time-outs (`timers: fast`) need shorter waits, or every idle poll would look like a lost leader.
      fetchMaxWaitMs: Math.min(FETCH_MAX_WAIT_MS, Math.floor(cluster.settings.fetchTimeoutMs / 4)),
    },
    log: new QuorumLog(openMetadataLog(host, LOG_CONFIG)),
    store: new ElectionStore(disk, `${METADATA_TOPIC}-0`, voters),
    channels: new QuorumChannels(context, cluster, {
      rpc,
      clientId: `raft-client-${nodeId}`,
      requestTimeoutMs: settings.requestTimeoutMs,
    }),
    listener,
  });
}

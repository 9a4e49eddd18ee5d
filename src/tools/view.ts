/** What the dashboard shows: plain values, so that every panel is a function of them. `view-*.ts` read them from the cluster. */
import type { QuorumView } from './view-quorum.ts';

/** How grave something is: shown by a sign and a word, and also by colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'dim';

export interface HealthItem {
  readonly label: string;
  /** The same in as many words as it takes. */
  readonly full: string;
  readonly value: string;
  readonly tone: Tone;
}

export interface NodeRow {
  readonly name: string;
  readonly state: string;
  /** `controller`, `leader` of the quorum, or nothing. */
  readonly role: string;
  readonly epoch: number | null;
  /** Partitions that it leads; null for members of the quorum. */
  readonly leaders: number | null;
  /** Per mille of its threads' time that was spent on service, over the last second of virtual time; null: not measured yet. */
  readonly cpu: number | null;
  readonly tone: Tone;
}

export type PartitionHealth = 'ok' | 'under-replicated' | 'under min ISR' | 'offline';

export interface PartitionRow {
  readonly name: string;
  readonly topic: string;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  readonly replicas: readonly number[];
  readonly highWatermark: number | null;
  readonly logEndOffset: number | null;
  readonly health: PartitionHealth;
}

export interface ProducerRow {
  readonly name: string;
  readonly acked: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly perSecond: number;
  readonly p99Us: number | null;
  readonly sending: boolean;
  /** Of the last seconds; null: none. */
  readonly lastError: string | null;
}

export interface GroupRow {
  readonly name: string;
  readonly state: string;
  readonly members: number;
  readonly generation: number;
  readonly consumed: number;
  readonly lag: number;
}

/** A real client, by its client.id, as far as the protocol shows what it does. */
export interface OutsideRow {
  readonly name: string;
  /** Its library and the version of that, where it tells (KIP-511). */
  readonly software: string;
  /** Where its connections come from, as ACLs name it. */
  readonly hosts: readonly string[];
  readonly connections: number;
  /** Requests that have no answer yet. */
  readonly inFlight: number;
  /** The one among them that waits longest. */
  readonly oldest: { readonly api: string; readonly forUs: number } | null;
  /** Of the last second of virtual time. */
  readonly requestsPerSecond: number;
  /** Answers with an error at their top, over its present connections, and the latest of them. */
  readonly errors: number;
  readonly lastError: string | null;
  /** Records. */
  readonly sent: number;
  readonly acked: number;
  readonly failed: number;
  readonly fetched: number;
  /** Records sent and fetched, of the last second of virtual time. */
  readonly perSecond: number;
}

export interface TransactionRow {
  readonly id: string;
  readonly state: string;
  readonly epoch: number;
  readonly committed: number;
  readonly aborted: number;
  readonly fenced: number;
}

/** A step or an expectation of a scenario, as it stands. */
export interface StepRow {
  readonly state: 'waiting' | 'running' | 'passed' | 'failed' | 'skipped' | 'no-effect';
  readonly text: string;
  readonly note: string;
}

export interface TimelineRow {
  readonly id: number;
  /** Since the cluster was ready. */
  readonly atUs: number;
  readonly node: string;
  /** A sentence. */
  readonly text: string;
  /** Kind and fields, for those who filter. */
  readonly raw: string;
  readonly tone: Tone;
}

export interface DashboardView {
  readonly title: string;
  /** Where real clients connect; empty: nowhere. */
  readonly bootstrapServers: readonly string[];
  readonly timeUs: number;
  /** Where in time, unless it is the present of the first branch: `branch-2`, `in the past of main`, `42 % of the way`. */
  readonly place: string;
  readonly speed: number;
  readonly paused: boolean;
  /** A word on the run: `running`, `passed` … */
  readonly status: string;
  readonly statusTone: Tone;
  readonly health: readonly HealthItem[];
  readonly nodes: readonly NodeRow[];
  readonly partitions: readonly PartitionRow[];
  readonly producers: readonly ProducerRow[];
  /** A value for each second of virtual time, oldest first: acknowledgements of a producer, records of a real client, lag of a group, by key. */
  readonly rates: ReadonlyMap<string, readonly number[]>;
  readonly groups: readonly GroupRow[];
  readonly outside: readonly OutsideRow[];
  readonly transactions: readonly TransactionRow[];
  readonly quorum: QuorumView;
  readonly timeline: readonly TimelineRow[];
  readonly steps: readonly StepRow[];
}

/** What the dashboard shows of those who decide: the voters of the metadata quorum, or the servers of the ensemble. */
import type { ClusterModel } from '../cluster/model/cluster-model.ts';
import type { QuorumMember } from '../cluster/model/quorum-members.ts';
import { type ClusterOptions, quorumNodes } from '../cluster/options.ts';
import type { Tone } from './view.ts';

export interface MemberRow {
  readonly name: string;
  /** `leader`, `follower`, `candidate`, `looking`, or what its process does instead of running. */
  readonly role: string;
  readonly epoch: number;
  readonly tone: Tone;
  /** Of its copy of the metadata log; null for a server of ZooKeeper. */
  readonly logEndOffset: number | null;
  readonly flushedOffset: number | null;
  /** Sessions that are connected to it, and watches that wait at it; null for a voter of KRaft. */
  readonly sessions: number | null;
  readonly watches: number | null;
}

export interface SessionRow {
  readonly id: string;
  readonly owner: string | null;
  readonly server: string | null;
  readonly timeoutMs: number;
}

export interface QuorumView {
  readonly kind: 'raft' | 'zab';
  readonly leader: string | null;
  readonly epoch: number | null;
  /** The latest decision that was committed: its offset in the metadata log, or `0x…`, its zxid. */
  readonly committed: string;
  readonly members: readonly MemberRow[];
  /** Of ZooKeeper. */
  readonly sessions: readonly SessionRow[];
  /** How many there are; 0 in KRaft mode. */
  readonly znodes: number;
}

/** `watchesOf`: how many watches wait at a server of ZooKeeper. */
export function quorumOf(
  model: ClusterModel,
  options: ClusterOptions,
  watchesOf: (node: string) => number | null = () => null,
): QuorumView {
  const raft = options.mode === 'kraft';
  const { current } = model.quorum;
  const { version } = model.authority;
  return {
    kind: raft ? 'raft' : 'zab',
    leader: current?.node ?? null,
    epoch: current?.epoch ?? null,
    committed: raft ? String(version) : `0x${version.toString(16)}`,
    members: quorumNodes(options).flatMap((name) => {
      const member = model.quorumMembers.all.get(name);
      return member === undefined ? [] : [memberRow(model, member, raft ? null : { watches: watchesOf(name) })];
    }),
    sessions: [...model.sessions.all.values()].map(({ id, owner, server, timeoutMs }) => ({
      id,
      owner,
      server,
      timeoutMs,
    })),
    znodes: raft ? 0 : model.znodes.paths.length,
  };
}

/** `server`: what is particular to one of ZooKeeper. */
function memberRow(
  model: ClusterModel,
  member: QuorumMember,
  server: { readonly watches: number | null } | null,
): MemberRow {
  const state = model.nodes.state(member.name);
  const role = state === 'running' ? member.role : state;
  return {
    name: member.name,
    role,
    epoch: member.epoch,
    tone: role === 'leader' || role === 'follower' ? 'good' : state === 'running' ? 'warn' : 'bad',
    logEndOffset: server === null ? member.logEndOffset : null,
    flushedOffset: server === null ? member.flushedOffset : null,
    sessions:
      server === null
        ? null
        : [...model.sessions.all.values()].filter((session) => session.server === member.name).length,
    watches: state === 'running' ? (server?.watches ?? null) : null,
  };
}

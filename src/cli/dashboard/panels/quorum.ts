import type { MemberRow, QuorumView, SessionRow } from '../../../tools/view-quorum.ts';
import type { Panel } from '../panel.ts';
import { keyed, type Line, matches, pad, padLeft, SIGNS } from '../text.ts';

/** KRaft: how far each voter's log goes. ZooKeeper: who follows whom, the latest zxid, and whose sessions are alive. */
export const quorum: Panel = {
  name: 'quorum',
  side: 'right',
  shown: () => true,
  help: 'Enter on the last row shows the znodes; w of a member says why it leads',
  wish: ({ quorum: view }) => view.members.length + view.sessions.length + (view.znodes > 0 ? 2 : 1),
  lines({ quorum: view }, { columns, filter }) {
    const name = Math.max(8, ...view.members.map((member) => member.name.length));
    const members = view.members.filter((member) => matches(filter, `${member.name} ${member.role}`));
    const sessions = view.sessions.filter(({ id, owner }) => matches(filter, `${id} ${owner ?? ''} session`));
    return [
      head(view, columns),
      ...members.map((member) => memberLine(member, view, name)),
      ...sessions.map((session) => sessionLine(session, view)),
      ...(view.znodes > 0 ? [keyed('znode:/', [{ text: `· ${view.znodes} znodes: Enter shows the tree` }])] : []),
    ];
  },
};

function head({ kind, leader, epoch, committed, sessions }: QuorumView, columns: number): Line {
  const who = leader === null ? 'no leader' : `leader ${leader}`;
  const what =
    kind === 'raft'
      ? `decided up to ${committed}`
      : `zxid ${committed}${columns >= 56 ? `  ${sessions.length} sessions` : ''}`;
  return [
    {
      text: `${who}  epoch ${epoch ?? '-'}  `,
      ...(leader === null ? { tone: 'bad' as const } : { tone: 'dim' as const }),
    },
    { text: what, tone: 'dim' },
  ];
}

function memberLine(member: MemberRow, { kind, members }: QuorumView, name: number): Line {
  const end = Math.max(0, ...members.map(({ logEndOffset }) => logEndOffset ?? 0));
  const log =
    kind === 'zab' || member.logEndOffset === null
      ? [counted(member.sessions, 'session'), counted(member.watches, 'watch', 'es')]
          .filter((part) => part !== '')
          .join('  ')
      : `LEO ${padLeft(String(member.logEndOffset), 5)}  behind ${end - member.logEndOffset}` +
        (member.flushedOffset === member.logEndOffset ? '' : `  on disk ${member.flushedOffset}`);
  return keyed(`node:${member.name}`, [
    { text: SIGNS[member.tone], tone: member.tone },
    { text: ` ${pad(member.name, name)} ` },
    { text: pad(member.role, 10), tone: member.tone, bold: member.role === 'leader' },
    { text: member.epoch < 0 ? 'epoch -   ' : `epoch ${pad(String(member.epoch), 4)}`, tone: 'dim' },
    { text: log },
  ]);
}

function counted(count: number | null, what: string, many = 's'): string {
  return count === null ? '' : `${count} ${what}${count === 1 ? '' : many}`;
}

function sessionLine({ id, owner, server, timeoutMs }: SessionRow, { kind }: QuorumView): Line {
  const piece = `session ${id} of ${owner ?? 'a client'}  ${timeoutMs} ms${server === null ? '' : `  at ${server}`}`;
  return keyed(owner === null || kind === 'raft' ? `session:${id}` : `node:${owner}`, [
    { text: '· ', tone: 'dim' },
    { text: piece },
  ]);
}

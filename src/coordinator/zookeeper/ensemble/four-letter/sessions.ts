/** dump, wchs, wchc, wchp: sessions, ephemerals and watches. */
import { javaDate } from '../java-date.ts';
import { formatSessionId } from '../sessions.ts';
import { addressOf } from './connections.ts';
import { type FourLetterWord, type ServerView, text } from './view.ts';

/** Of a connection that has asked for no session, in milliseconds. */
const SESSIONLESS_MS = 10_000;

export const dump: FourLetterWord = {
  name: 'dump',
  about: 'sessions with their ends, ephemerals with their owners, connections',
  answer: (view) =>
    text(
      'SessionTracker dump:',
      ...trackerLines(view),
      'ephemeral nodes dump:',
      ...ephemeralLines(view),
      'Connections dump:',
      ...connectionLines(view),
    ),
};

/** The leader knows when sessions end; a follower, which there are. */
function trackerLines({ leading, tree, wallMs, nowMs }: ServerView): readonly string[] {
  if (leading === null)
    return [
      `Global Sessions(${tree.sessions.size}):`,
      ...[...tree.sessions].map(([id, timeoutMs]) => `${formatSessionId(id)}\t${timeoutMs}ms`),
    ];
  const sets = leading.sessionSets;
  const total = sets.reduce((sum, { sessionIds }) => sum + sessionIds.length, 0);
  return [
    `Session Sets (${sets.length})/(${total}):`,
    ...sets.flatMap(({ deadlineMs, sessionIds }) => [
      `${sessionIds.length} expire at ${javaDate(wallMs + deadlineMs - nowMs)}:`,
      ...sessionIds.map((id) => `\t${formatSessionId(id)}`),
    ]),
  ];
}

function ephemeralLines({ tree: { ephemerals } }: ServerView): readonly string[] {
  return [
    `Sessions with Ephemerals (${ephemerals.size}):`,
    ...[...ephemerals].flatMap(([id, paths]) => [`${formatSessionId(id)}:`, ...[...paths].map((path) => `\t${path}`)]),
  ];
}

function connectionLines({ connections, asker, nowMs, wallMs, tickTimeMs }: ServerView): readonly string[] {
  const sets = new Map<number, string[]>();
  const add = (sinceMs: number, timeoutMs: number, line: string): void => {
    const deadlineMs = (Math.floor((sinceMs + timeoutMs) / tickTimeMs) + 1) * tickTimeMs;
    sets.set(deadlineMs, [...(sets.get(deadlineMs) ?? []), line]);
  };
  for (const client of connections)
    add(
      client.lastHeardMs,
      client.timeoutMs || SESSIONLESS_MS,
      `\tip: ${addressOf(client)} sessionId: ${formatSessionId(client.sessionId)}`,
    );
  add(nowMs, SESSIONLESS_MS, `\tip: ${asker} sessionId: 0x0`);
  const ordered = [...sets].sort(([a], [b]) => a - b);
  return [
    `Connections Sets (${sets.size})/(${connections.length + 1}):`,
    ...ordered.flatMap(([deadlineMs, lines]) => [
      `${lines.length} expire at ${javaDate(wallMs + deadlineMs - nowMs)}:`,
      ...lines,
    ]),
  ];
}

/** Those of data alone, as the real ones do. */
export const wchs: FourLetterWord = {
  name: 'wchs',
  about: 'how many watches there are of data and existence; those of children are not counted',
  answer({ watches: { dataWatches } }) {
    const { byWatcher, byPath, size } = dataWatches;
    return text(`${byWatcher.size} connections watching ${byPath.size} paths`, `Total watches:${size}`);
  },
};

export const wchc: FourLetterWord = {
  name: 'wchc',
  about: 'who watches what: by session',
  answer: ({ watches: { dataWatches } }) =>
    text(
      ...[...dataWatches.byWatcher].flatMap(([client, paths]) => [
        formatSessionId(client.sessionId),
        ...[...paths].map((path) => `\t${path}`),
      ]),
      '',
    ),
};

export const wchp: FourLetterWord = {
  name: 'wchp',
  about: 'who watches what: by path',
  answer: ({ watches: { dataWatches } }) =>
    text(
      ...[...dataWatches.byPath].flatMap(([path, watchers]) => [
        path,
        ...[...watchers.keys()].map((client) => `\t${formatSessionId(client.sessionId)}`),
      ]),
      '',
    ),
};

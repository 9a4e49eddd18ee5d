import type { OutsideConnectionRecord, OutsideRequest } from '../../../cluster/outside-connections.ts';
import { requestTold } from '../../../tools/messages/kafka/index.ts';
import type { OutsideRow } from '../../../tools/view.ts';
import { keyed, type Line, sparkline } from '../text.ts';
import { seenErrors } from './client.ts';
import { type Detail, type DetailSource, fact, heading, none } from './detail.ts';

/**
 * A real client: its connections, and on each the requests that have no answer yet, decoded. What its application did with what it was
 * given, the protocol does not show.
 */
export const outside: Detail = (source, name, columns) => {
  const row = source.view.outside.find((candidate) => candidate.name === name);
  if (row === undefined) return undefined;
  const connections = [...(source.outside?.all.values() ?? [])].filter(({ peer }) => peer.clientId === name);
  return [
    ...facts(source, row, columns),
    ...heading(`connections: ${connections.length}`),
    ...(connections.length === 0 ? [none('none: it is gone, or it comes again')] : []),
    ...connections.flatMap((connection) => [
      connectionLine(connection, source),
      ...connection.inFlight.map((request) => requestLine(request, connection, source)),
    ]),
    ...heading('records refused lately'),
    ...seenErrors(source, `outside:${name}`),
  ];
};

function facts({ view }: DetailSource, row: OutsideRow, columns: number): readonly Line[] {
  const rates = view.rates.get(`outside:${row.name}`) ?? [];
  return [
    fact('client.id', row.name === '' ? '(none)' : row.name),
    fact('library', row.software === '' ? 'does not tell' : row.software),
    fact('comes from', row.hosts.join(', ') || 'nowhere now'),
    fact('requests', `${row.requestsPerSecond} a second, ${row.inFlight} in flight`),
    fact(
      'errors',
      `${row.errors}${row.lastError === null ? '' : `, the latest ${row.lastError}`}`,
      row.errors > 0 ? 'warn' : undefined,
    ),
    fact('records', `${row.perSecond} a second ${sparkline(rates, Math.max(8, Math.min(40, columns - 40)))}`),
    fact('produced', `sent ${row.sent}, acked ${row.acked}`),
    fact('failed', row.failed, row.failed > 0 ? 'bad' : undefined),
    fact('fetched', row.fetched),
  ];
}

function connectionLine(connection: OutsideConnectionRecord, { model }: DetailSource): Line {
  const { id, broker, peer, requests, lastApi, lastUs } = connection;
  const ago = ((model.nowUs - lastUs) / 1_000_000).toFixed(1);
  return keyed(`node:${broker}`, [
    { text: `  #${id} to ${broker}` },
    { text: `  ${peer.identity.principal}  ${requests} requests, the last ${lastApi} ${ago} s ago`, tone: 'dim' },
  ]);
}

function requestLine(
  { request, atUs }: OutsideRequest,
  { broker }: OutsideConnectionRecord,
  source: DetailSource,
): Line {
  const { model } = source;
  const nameOf = (id: string): string | undefined =>
    [...model.authority.topics.values()].find((topic) => topic.id === id)?.name;
  const { text } = requestTold(request.api, request.body, nameOf);
  return keyed(`node:${broker}`, [
    { text: `    ${request.api.name} v${request.version}`, bold: true },
    { text: `  for ${((model.nowUs - atUs) / 1000).toFixed(0)} ms` },
    { text: `  ${text}`, tone: 'dim' },
  ]);
}

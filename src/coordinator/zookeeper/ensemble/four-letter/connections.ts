/** stat, cons, srst, crst: what comes in and goes out (StatCommand, ConsCommand). */
import type { Client } from '../client-service.ts';
import { formatSessionId } from '../sessions.ts';
import { formatZxid } from '../zxid.ts';
import { serverLines, VERSION_LINE } from './server.ts';
import { type FourLetterWord, type ServerView, text } from './view.ts';

/** The node stands for its address: ` /broker-1:17[1](queued=0,recved=6,sent=6)`. */
export function addressOf({ connection }: Client): string {
  return `/${connection.remoteNode}:${connection.id}`;
}

const briefly = ({ queue, traffic }: Client): string =>
  `queued=${queue.length},recved=${traffic.received},sent=${traffic.sent}`;

const askerLine = ({ asker }: ServerView): string => ` ${asker}[0](queued=0,recved=1,sent=0)`;

function wholly(client: Client): string {
  const { sessionId, timeoutMs, establishedMs, traffic } = client;
  if (sessionId === 0) return briefly(client);
  return [
    briefly(client),
    `sid=${formatSessionId(sessionId)}`,
    `lop=${traffic.lastOperation}`,
    `est=${Math.floor(establishedMs)}`,
    `to=${timeoutMs}`,
    ...(traffic.lastCxid < 0 ? [] : [`lcxid=0x${traffic.lastCxid.toString(16)}`]),
    `lzxid=${traffic.lastZxid < 0 ? '0xffffffffffffffff' : formatZxid(traffic.lastZxid)}`,
    `lresp=${Math.floor(traffic.lastResponseMs)}`,
    `llat=${traffic.latencyLastMs}`,
    `minlat=${traffic.latencyMinMs}`,
    `avglat=${Math.floor(traffic.latencyAverageMs)}`,
    `maxlat=${traffic.latencyMaxMs}`,
  ].join(',');
}

export const stat: FourLetterWord = {
  name: 'stat',
  about: 'the server, and who is connected',
  answer: (view) =>
    text(
      VERSION_LINE,
      'Clients:',
      ...view.connections.map((client) => ` ${addressOf(client)}[1](${briefly(client)})`),
      askerLine(view),
      '',
      ...serverLines(view),
    ),
};

export const cons: FourLetterWord = {
  name: 'cons',
  about: 'every connection: its session, its last operation, its latencies',
  answer: (view) =>
    text(askerLine(view), ...view.connections.map((client) => ` ${addressOf(client)}[1](${wholly(client)})`), ''),
};

export const srst: FourLetterWord = {
  name: 'srst',
  about: 'counts from 0 again, for the server',
  answer({ traffic }) {
    traffic.reset();
    return text('Server stats reset.');
  },
};

export const crst: FourLetterWord = {
  name: 'crst',
  about: 'counts from 0 again, for every connection',
  answer({ connections }) {
    for (const client of connections) client.traffic.reset();
    return text('Connection stats reset.');
  },
};

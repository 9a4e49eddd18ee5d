import { seconds } from '../../lines.ts';
import { cpuText, epochText } from '../panels/nodes.ts';
import { keyed, type Line, pad, padLeft, SIGNS, sparkline } from '../text.ts';
import { type Detail, type DetailSource, fact, heading, none } from './detail.ts';

/** A broker with every replica that it holds, or a member of the quorum. */
export const node: Detail = (source, name, columns) => {
  const row = source.view.nodes.find((candidate) => candidate.name === name);
  if (row === undefined) return undefined;
  const { model } = source;
  const process = model.nodes.all.get(name);
  const member = source.view.quorum.members.find((candidate) => candidate.name === name);
  const id = Number(name.slice(name.lastIndexOf('-') + 1));
  const registered = name.startsWith('broker-') ? model.authority.brokers.get(id) : undefined;
  return [
    fact('state', row.state, row.tone === 'good' || row.tone === 'warn' || row.tone === 'bad' ? row.tone : undefined),
    fact(
      'process',
      `number ${process?.incarnation ?? 0}${process?.endReason ? `, the last one ended: ${process.endReason}` : ''}`,
    ),
    fact('CPU', cpuText(row.cpu)),
    ...requests(source, name, columns),
    ...(row.role === '' ? [] : [fact('role', row.role)]),
    ...(registered === undefined
      ? []
      : [
          fact(
            'registered',
            `broker epoch ${epochText(registered)}${registered.fenced ? ', fenced' : ''}${registered.shuttingDown ? ', shutting down' : ''}`,
          ),
          fact('rack', registered.rack ?? 'none'),
        ]),
    ...(member === undefined
      ? []
      : [
          fact('in the quorum', `${member.role}, epoch ${member.epoch < 0 ? '-' : member.epoch}`),
          ...(member.logEndOffset === null
            ? []
            : [fact('metadata log', `LEO ${member.logEndOffset}, flushed ${member.flushedOffset}`)]),
        ]),
    ...(name.startsWith('broker-') ? [...coordinates(source, name), ...replicas(source, id)] : []),
    ...heading('lately'),
    ...lately(source, name),
  ];
};

/** Of every client, other brokers among them; then who of the real ones is connected. */
function requests(source: DetailSource, name: string, columns: number): readonly Line[] {
  const rates = source.requests(name).filter(({ perSecond }) => perSecond > 0);
  const total = rates.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const bars = sparkline(source.view.rates.get(`node:${name}`) ?? [], Math.max(8, Math.min(40, columns - 40)));
  const clients = new Map<string, number>();
  for (const { broker, peer } of source.outside?.all.values() ?? [])
    if (broker === name) clients.set(peer.clientId, (clients.get(peer.clientId) ?? 0) + 1);
  return [
    fact('requests', `${total} a second ${bars}`),
    ...(rates.length === 0
      ? []
      : [
          fact(
            'by API',
            rates
              .slice(0, 6)
              .map(({ api, perSecond }) => `${api} ${perSecond}`)
              .join(', '),
          ),
        ]),
    ...[...clients].map(([client, count]) =>
      keyed(
        `outside:${client}`,
        fact(
          'real client',
          `${client === '' ? '(no id)' : client}, ${count} ${count === 1 ? 'connection' : 'connections'}`,
        ),
      ),
    ),
  ];
}

function coordinates({ model }: DetailSource, name: string): readonly Line[] {
  const groups = [...model.groups.all.values()].filter(({ coordinator }) => coordinator === name);
  const ids = [...model.transactions.all.values()].filter(({ coordinator }) => coordinator === name);
  return [
    ...groups.map((group) => keyed(`group:${group.name}`, fact('coordinates', `group ${group.name}, ${group.state}`))),
    ...ids.map(({ id, state }) => keyed(`transaction:${id}`, fact('coordinates', `transactional id ${id}, ${state}`))),
  ];
}

/** Those that it leads first; internal topics last. */
function replicas({ model }: DetailSource, id: number): readonly Line[] {
  const held = [...model.authority.partitions.values()].filter((record) => record.replicas.includes(id));
  const rank = (name: string, leader: number): number => (name.startsWith('__') ? 2 : 0) + (leader === id ? 0 : 1);
  const sorted = held.sort((a, b) => rank(a.name, a.leader) - rank(b.name, b.leader));
  const width = Math.max(9, ...sorted.map(({ name }) => name.length));
  if (sorted.length === 0) return [...heading('replicas'), none('none')];
  return [
    ...heading(`replicas: ${sorted.length}, leads ${sorted.filter(({ leader }) => leader === id).length}`),
    ...sorted.map((record) => {
      const replica = model.replicas.get(record.name, id);
      const leads = record.leader === id;
      const inSync = record.isr.includes(id);
      const end = model.replicas.get(record.name, record.leader)?.logEndOffset ?? 0;
      return keyed(`partition:${record.name}`, [
        { text: `${inSync ? SIGNS.good : SIGNS.warn} `, tone: inSync ? 'good' : 'warn' },
        { text: `${pad(record.name, width)} ` },
        { text: pad(leads ? 'leader' : `follows ${record.leader < 0 ? 'none' : record.leader}`, 11), bold: leads },
        { text: padLeft(`LEO ${replica?.logEndOffset ?? '-'}`, 11) },
        { text: padLeft(`HW ${replica?.highWatermark ?? '-'}`, 10) },
        { text: leads ? '' : `  behind ${Math.max(0, end - (replica?.logEndOffset ?? 0))}`, tone: 'dim' },
        { text: inSync ? '' : '  not in the ISR', tone: 'warn' },
      ]);
    }),
  ];
}

const MOST_EVENTS = 12;

function lately({ view }: DetailSource, name: string): readonly Line[] {
  const rows = view.timeline.filter((row) => row.node === name).slice(-MOST_EVENTS);
  if (rows.length === 0) return [none('nothing notable')];
  return rows.map(({ id, atUs, text, tone }) =>
    keyed(`event:${id}`, [
      { text: `${padLeft(seconds(atUs), 10)} `, tone: 'dim' },
      { text: `${SIGNS[tone]} `, tone },
      { text },
    ]),
  );
}

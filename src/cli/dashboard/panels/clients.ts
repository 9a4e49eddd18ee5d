import type { DashboardView, GroupRow, OutsideRow, ProducerRow, Tone } from '../../../tools/view.ts';
import type { Panel } from '../panel.ts';
import { keyed, type Line, matches, pad, padLeft, SIGNS, sparkline } from '../text.ts';

/** Who sends, who reads, and what real clients do: rates and lag with their latest seconds as bars. */
export const clients: Panel = {
  name: 'clients and groups',
  side: 'right',
  shown: () => true,
  help: "Enter shows what a client waits for, or a group's members and lag",
  wish: ({ producers, groups, outside }) => Math.max(1, producers.length + groups.length + outside.length),
  lines(view, { columns, filter }) {
    const all = [
      ...view.producers.map((producer) => sender(view, producer, columns)),
      ...view.groups.map((group) => reader(view, group, columns)),
      ...view.outside.map((client) => real(view, client, columns)),
    ];
    if (all.length === 0) return [[{ text: 'none yet: addClient web --produce orders', tone: 'dim' }]];
    return all.filter((line) => matches(filter, line.map(({ text }) => text).join('')));
  },
};

const NAME = 10;

function bars(view: DashboardView, key: string, columns: number): Line {
  return [
    {
      text: ` ${pad(sparkline(view.rates.get(key) ?? [], columns >= 70 ? 20 : 8), columns >= 70 ? 20 : 8)} `,
      tone: 'dim',
    },
  ];
}

function sender(view: DashboardView, producer: ProducerRow, columns: number): Line {
  const p99 = producer.p99Us === null ? '-' : `${(producer.p99Us / 1000).toFixed(1)}ms`;
  const tone: Tone = producer.failed > 0 ? 'bad' : producer.sending && producer.perSecond === 0 ? 'warn' : 'good';
  const key = `client:${producer.name}`;
  return keyed(key, [
    { text: `${SIGNS[tone]} `, tone },
    { text: `${pad(producer.name, NAME)} ` },
    { text: padLeft(`${producer.perSecond}/s`, 7) },
    ...bars(view, key, columns),
    ...told(producer, p99, columns),
  ]);
}

/** Where there is no room for everything, what went wrong comes first. */
function told({ acked, inFlight, failed, lastError, perSecond }: ProducerRow, p99: string, columns: number): Line {
  const error: Line = lastError === null ? [] : [{ text: `  ${lastError}`, tone: 'warn' }];
  if (columns >= 100)
    return [{ text: `acked ${acked}  in flight ${inFlight}  failed ${failed}  p99 ${p99}` }, ...error];
  return failed > 0 || (perSecond === 0 && lastError !== null)
    ? [{ text: failed > 0 ? `failed ${failed}` : `in flight ${inFlight}` }, ...error]
    : [{ text: `acked ${acked}  in flight ${inFlight}  p99 ${p99}` }];
}

function reader(view: DashboardView, group: GroupRow, columns: number): Line {
  const tone: Tone = group.state === 'Stable' ? 'good' : 'warn';
  const key = `group:${group.name}`;
  const consumed = group.consumed === 0 ? '' : `  consumed ${group.consumed}`;
  return keyed(key, [
    { text: `${SIGNS[tone]} `, tone },
    { text: `${pad(group.name, NAME)} ` },
    { text: padLeft(`lag ${group.lag}`, 7), bold: true },
    ...bars(view, key, columns),
    { text: group.state, tone },
    { text: `  members ${group.members}  generation ${group.generation}${consumed}` },
  ]);
}

/** What went wrong before how it goes, and as much as there is room for. */
function real(view: DashboardView, client: OutsideRow, columns: number): Line {
  const troubled = client.failed > 0 || client.errors > 0;
  const tone: Tone = client.failed > 0 ? 'bad' : troubled ? 'warn' : 'good';
  const key = `outside:${client.name}`;
  const { oldest, inFlight } = client;
  const parts = [
    client.failed > 0 ? `failed ${client.failed}` : '',
    client.lastError === null ? '' : `${client.errors} × ${client.lastError}`,
    `${client.requestsPerSecond} req/s`,
    oldest === null
      ? ''
      : `${oldest.api} ${Math.round(oldest.forUs / 1000)} ms${inFlight > 1 ? ` (${inFlight} in flight)` : ''}`,
    client.software,
    client.connections === 0 ? 'gone' : `${client.connections} from ${client.hosts.join(',')}`,
    `sent ${client.sent}  acked ${client.acked}  fetched ${client.fetched}`,
  ].filter((part) => part !== '');
  return keyed(key, [
    { text: `${SIGNS[tone]} `, tone },
    { text: `${pad(client.name === '' ? '(no id)' : client.name, NAME)} ` },
    { text: padLeft(`${client.perSecond}/s`, 7) },
    ...bars(view, key, columns),
    { text: parts.join('  '), ...(troubled ? { tone } : {}) },
  ]);
}

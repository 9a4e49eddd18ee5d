import type { DashboardView, GroupRow, ProducerRow, Tone } from '../../../tools/view.ts';
import type { Panel } from '../panel.ts';
import { type Line, pad, padLeft, sparkline } from '../text.ts';

export const clients: Panel = {
  name: 'clients and groups',
  shown: () => true,
  wish: ({ producers, groups }) => Math.max(1, producers.length + groups.length),
  lines(view, { columns }) {
    const lines = [...view.producers.map((producer) => sender(view, producer, columns)), ...view.groups.map(reader)];
    return lines.length > 0 ? lines : [[{ text: 'none yet: produce orders --key k --value v', tone: 'dim' }]];
  },
};

const NAME = 10;

function sender(view: DashboardView, producer: ProducerRow, columns: number): Line {
  const p99 = producer.p99Us === null ? '-' : `${(producer.p99Us / 1000).toFixed(1)}ms`;
  const tone: Tone = producer.failed > 0 ? 'bad' : producer.sending && producer.perSecond === 0 ? 'warn' : 'good';
  const sign = tone === 'bad' ? '✗' : tone === 'warn' ? '◐' : '●';
  return [
    { text: `${sign} `, tone },
    { text: `${pad(producer.name, NAME)} ` },
    { text: padLeft(`${producer.perSecond}/s`, 7) },
    { text: ` ${sparkline(view.rates.get(producer.name) ?? [], columns >= 70 ? 20 : 8)} `, tone: 'dim' },
    { text: `acked ${producer.acked}  in flight ${producer.inFlight}  failed ${producer.failed}  p99 ${p99}` },
    { text: producer.lastError === null ? '' : `  ${producer.lastError}`, tone: 'warn' },
  ];
}

function reader(group: GroupRow): Line {
  const stable = group.state === 'Stable';
  return [
    { text: stable ? '● ' : '◐ ', tone: stable ? 'good' : 'warn' },
    { text: `${pad(group.name, NAME)} ` },
    { text: pad(group.state, 19), tone: stable ? 'good' : 'warn' },
    { text: ` members ${group.members}  generation ${group.generation}  lag ` },
    { text: String(group.lag), bold: true },
    { text: `  consumed ${group.consumed}` },
  ];
}

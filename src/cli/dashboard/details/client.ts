import { seconds } from '../../lines.ts';
import { keyed, type Line, pad, padLeft, sparkline } from '../text.ts';
import { type Detail, type DetailSource, fact, heading, none } from './detail.ts';

/** A simulated producer: what it has not heard of yet, and what it was told last. */
export const client: Detail = (source, name, columns) => {
  const record = source.model.producers.all.get(name);
  const row = source.view.producers.find((candidate) => candidate.name === name);
  if (record === undefined || row === undefined) return undefined;
  const ms = (us: number): string => `${(us / 1000).toFixed(1)} ms`;
  const rates = source.view.rates.get(`client:${name}`) ?? [];
  return [
    fact('sending', row.sending ? `yes, ${row.perSecond} acknowledged in the last second` : 'no'),
    ...(rates.length === 0 ? [] : [fact('a second', sparkline(rates, Math.max(8, Math.min(40, columns - 20))))]),
    fact('records', `sent ${record.sent}, acked ${record.acked}, in flight ${row.inFlight}, retried ${record.retried}`),
    fact('failed', record.failed, record.failed > 0 ? 'bad' : undefined),
    fact(
      'latency',
      row.p99Us === null ? '-' : `p50 ${ms(record.latencies.quantileUs(500) ?? 0)}, p99 ${ms(row.p99Us)}`,
    ),
    fact(
      'longest gap',
      `${ms(source.model.producers.longestGapUs(record, source.model.nowUs))} between two acknowledgements`,
    ),
    ...heading('batches without an answer'),
    ...waiting(source, name),
    ...heading('errors'),
    ...[...record.errors].filter(([error]) => !error.includes(' ')).map(([error, count]) => fact(`${count} ×`, error)),
    ...seenErrors(source, name),
  ];
};

function waiting({ inFlight, model }: DetailSource, name: string): readonly Line[] {
  const batches = inFlight.batches(name);
  if (batches.length === 0) return [none('none')];
  return batches.map(({ partition, records, attempt, broker, atUs }) =>
    keyed(`partition:${partition}`, [
      {
        text: `  ${pad(partition, 16)} ${padLeft(String(records), 5)} records to broker ${broker}, for ${((model.nowUs - atUs) / 1000).toFixed(0)} ms`,
      },
      { text: attempt > 1 ? `  attempt ${attempt}` : '', tone: 'warn' },
    ]),
  );
}

/** The latest first. */
export function seenErrors({ inFlight, zeroUs }: DetailSource, name: string): readonly Line[] {
  const errors = inFlight.errors(name);
  if (errors.length === 0) return [none('none seen since this dashboard was opened')];
  return errors.map(({ event, atUs, api, error, partition }) =>
    keyed(`event:${event}`, [
      { text: `${padLeft(seconds(atUs - zeroUs), 10)} `, tone: 'dim' },
      { text: error, tone: 'warn' },
      { text: ` ${api} ${partition}` },
    ]),
  );
}

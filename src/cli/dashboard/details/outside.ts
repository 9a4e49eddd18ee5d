import { sparkline } from '../text.ts';
import { seenErrors } from './client.ts';
import { type Detail, fact, heading } from './detail.ts';

/** A real client. What its application did with what it was given, the protocol does not show. */
export const outside: Detail = (source, name, columns) => {
  const row = source.view.outside.find((candidate) => candidate.name === name);
  if (row === undefined) return undefined;
  const rates = source.view.rates.get(`outside:${name}`) ?? [];
  return [
    fact('client.id', name === '' ? '(none)' : name),
    fact('a second', `${row.perSecond} records ${sparkline(rates, Math.max(8, Math.min(40, columns - 40)))}`),
    fact('produced', `sent ${row.sent}, acked ${row.acked}`),
    fact('failed', row.failed, row.failed > 0 ? 'bad' : undefined),
    fact('fetched', row.fetched),
    ...heading('refused lately'),
    ...seenErrors(source, `outside:${name}`),
  ];
};

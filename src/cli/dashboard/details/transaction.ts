import { seconds } from '../../lines.ts';
import { keyed, padLeft, SIGNS } from '../text.ts';
import { type Detail, fact, heading, none } from './detail.ts';

/** A transactional id, and what happened to it lately. */
export const transaction: Detail = (source, name) => {
  const record = source.model.transactions.all.get(name);
  if (record === undefined) return undefined;
  const rows = source.view.timeline.filter(({ raw }) => raw.includes(`transactionalId=${name}`)).slice(-20);
  return [
    fact('state', record.state),
    fact('epoch', record.epoch),
    fact('complete', `${record.committed} committed, ${record.aborted} aborted`),
    fact('fenced', `${record.fenced} requests of an old epoch`, record.fenced > 0 ? 'warn' : undefined),
    keyed(`node:${record.coordinator}`, fact('coordinator', record.coordinator ?? 'none')),
    ...heading('lately'),
    ...(rows.length === 0 ? [none('nothing in the timeline')] : []),
    ...rows.map(({ id, atUs, text, tone }) =>
      keyed(`event:${id}`, [
        { text: `${padLeft(seconds(atUs), 10)} `, tone: 'dim' },
        { text: `${SIGNS[tone]} `, tone },
        { text },
      ]),
    ),
  ];
};

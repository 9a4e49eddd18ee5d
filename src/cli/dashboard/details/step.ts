import { type Detail, fact, heading, paragraph } from './detail.ts';

/** A step or an expectation in full: what it says, and what came of it. */
export const step: Detail = ({ view }, index, columns) => {
  const row = view.steps[Number(index)];
  if (row === undefined) return undefined;
  return [
    ...paragraph(row.text, columns),
    [],
    fact('state', row.state, row.state === 'failed' ? 'bad' : row.state === 'passed' ? 'good' : undefined),
    ...(row.note === '' ? [] : [...heading('outcome'), ...paragraph(row.note, columns)]),
  ];
};

import type { EventId, TraceEvent } from '../../../kernel/api.ts';
import { fieldText } from '../../../tools/causes.ts';
import { fieldsText, seconds } from '../../lines.ts';
import { keyed, type Line, padLeft } from '../text.ts';
import { type Detail, type DetailSource, fact, heading, none, paragraph } from './detail.ts';

/** An event: what its kind means, its fields, and the notable ones among its causes, the nearest first. */
export const event: Detail = (source, name, columns) => {
  const found = source.trace.get(Number(name));
  if (found === undefined) return undefined;
  const { kind, node, atUs, values } = found;
  return [
    [{ text: `  ${kind.name}`, bold: true }, { text: ` of ${node} at ${seconds(atUs - source.zeroUs)}` }],
    ...paragraph(kind.about, columns),
    ...heading('fields'),
    ...(kind.fields.length === 0
      ? [none('none')]
      : kind.fields.map((field, index) => fact(field, fieldText(values[index])))),
    ...heading('because'),
    ...causes(source, found),
  ];
};

const MOST_HOPS = 10_000;
const MOST_CAUSES = 50;

function causes({ trace, zeroUs }: DetailSource, { id: of, cause: first }: TraceEvent): readonly Line[] {
  const lines: Line[] = [];
  let last: EventId = of;
  let id = first;
  for (let hop = 0; id > 0 && id < last && hop < MOST_HOPS && lines.length < MOST_CAUSES; hop++) {
    const found = trace.get(id);
    if (found !== undefined && found.kind.level === 'notable')
      lines.push(
        keyed(`event:${id}`, [
          { text: `${padLeft(seconds(found.atUs - zeroUs), 10)} `, tone: 'dim' },
          { text: `${found.node} ${found.kind.name} ${fieldsText(found)}` },
        ]),
      );
    last = id;
    id = trace.causeOf(id);
  }
  return lines.length > 0 ? lines : [none('it begins with this: a timer, or somebody outside')];
}

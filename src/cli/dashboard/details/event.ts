import { fieldText } from '../../../tools/causes.ts';
import { chainWords, readingLines } from '../../../tools/why/answer.ts';
import { type Hop, storyOf } from '../../../tools/why/chain.ts';
import { seconds } from '../../lines.ts';
import { keyed, type Line, padLeft } from '../text.ts';
import { type Detail, type DetailSource, fact, heading, none, paragraph } from './detail.ts';

/** An event: what happened and what its kind means, its fields, and why: the chain of what decided it. */
export const event: Detail = (source, name, columns) => {
  const found = source.trace.get(Number(name));
  if (found === undefined) return undefined;
  const { kind, node, atUs, values } = found;
  const [first, ...behind] = storyOf([found], source.why);
  return [
    [{ text: `  ${kind.name}`, bold: true }, { text: ` of ${node} at ${seconds(atUs - source.zeroUs)}` }],
    ...(first === undefined ? [] : paragraph(first.sentence, columns)),
    ...paragraph(kind.about, columns),
    ...heading('fields'),
    ...(kind.fields.length === 0
      ? [none('none')]
      : kind.fields.map((field, index) => fact(field, fieldText(values[index])))),
    ...heading('because'),
    ...(behind.length === 0
      ? [none('it begins with this: a timer, or somebody outside')]
      : behind.flatMap((hop) => hopLines(hop, source, columns))),
    ...(first === undefined
      ? []
      : readingLines([first, ...behind]).flatMap((line) => [[], ...paragraph(line, columns)])),
  ];
};

const TIME = 10;

/** Its time, and as many lines as its words need; "and" begins one more thing that was needed. */
function hopLines({ event: at, ...hop }: Hop, { why, zeroUs }: DetailSource, columns: number): readonly Line[] {
  const time = at === undefined ? '' : seconds(at.atUs - zeroUs);
  const and = hop.joint === 'and' ? 'and ' : '';
  return paragraph(`${and}${chainWords({ event: at, ...hop }, why)}`, columns - TIME + 1).map((words, index) => {
    const line: Line = [{ text: padLeft(index === 0 ? time : '', TIME), tone: 'dim' }, ...words];
    return at === undefined || index > 0 ? line : keyed(`event:${at.id}`, line);
  });
}

/** What the prompt answered, under the picture; an answer with no room there has a page. */
import type { Size } from './arrange.ts';
import type { Line } from './text.ts';
import { characterWidth, textWidth, trusted } from './text-width.ts';
import type { Ui } from './ui.ts';

/** Kind of the key of an answer's page. */
const ANSWER = 'answer';
/** Before a line that was entered. */
const ECHO = '> ';
/** Fewer rows are a small screen. */
const SMALL = 30;
const MOST_INDENT = 12;
const TAB = 8;

/** Rows for answers under the picture. */
export const answerRoom = (rows: number): number => Math.max(1, Math.min(Math.floor(rows / 4), 12));

export const answerKey = (line: string): string => `${ANSWER}:${line}`;
export const isAnswerKey = (key: string | undefined): boolean => key?.startsWith(`${ANSWER}:`) === true;

/**
 * The rows under the picture: the latest that fit, none while a page shows an answer. What is left of one whose beginning does not fit is left out; of the last one its
 * beginning stays. On a small screen all that is older than the last line is left out, too.
 */
export function answersShown(answers: readonly string[], ui: Ui, { columns, rows }: Size): readonly Line[] {
  if (isAnswerKey(ui.pages.at(-1))) return [];
  const room = answerRoom(rows);
  const last = answers.findLastIndex((text) => text.startsWith(ECHO));
  const shown = answers.slice(Math.max(rows < SMALL ? last : 0, answers.length - room));
  const lines = answerLines(shown, columns).slice(-room);
  const begins = lines.findIndex((line) => line[0]?.text.startsWith(ECHO) === true);
  if (begins >= 0) return lines.slice(begins);
  // It has a page: that it was given is enough here.
  return last < 0 ? lines : answerLines(answers.slice(last, last + 2), columns).slice(0, Math.min(2, room));
}

/** Lines of an answer, broken where they are too long; what goes on is indented as far as its beginning, and a little more. */
export function answerLines(answers: readonly string[], columns: number): readonly Line[] {
  return answers.flatMap((answer) => {
    const tone = answer.startsWith('✗') ? { tone: 'bad' as const } : {};
    return broken(trusted(withoutTabs(answer)), columns).map((text): Line => [{ text, ...tone }]);
  });
}

/** Tables of Kafka's tools have tabs. */
function withoutTabs(text: string): string {
  const [first = '', ...rest] = text.split('\t');
  return rest.reduce((line, part) => line + ' '.repeat(TAB - (textWidth(line) % TAB)) + part, first);
}

function broken(text: string, columns: number): readonly string[] {
  if (textWidth(text) <= columns) return [text];
  const indent = ' '.repeat(Math.min(MOST_INDENT, Math.floor(columns / 3), /^ */.exec(text)![0].length + 2));
  const lines: string[] = [];
  let rest = text;
  while (textWidth(rest) > columns) {
    const end = breakAt(rest, columns, lines.length === 0 ? 0 : indent.length);
    lines.push(rest.slice(0, end).trimEnd());
    rest = indent + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** Where a line ends: behind the last space that fits, or in the midst of a word that is too long. */
function breakAt(text: string, columns: number, indent: number): number {
  let used = 0;
  let fits = 0;
  let space = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > columns) break;
    fits += character.length;
    if (character === ' ' && text.slice(indent, fits).trim() !== '') space = fits;
  }
  return space > 0 ? space : fits;
}

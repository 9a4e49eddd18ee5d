/** The keys, what is particular about the panel with the focus, where `:` leads, and the signs. */
import { KEYMAP } from './keymap.ts';
import { panelNamed } from './panels/index.ts';
import { type Line, pad, wrap } from './text.ts';

const SIGNS: readonly (readonly [sign: string, tone: 'good' | 'warn' | 'bad', means: string])[] = [
  ['●', 'good', 'well'],
  ['◐', 'warn', 'under-replicated, paused, rebalancing'],
  ['○', 'bad', 'under min ISR'],
  ['✗', 'bad', 'stopped, offline, failed'],
];

const GOALS = ':brokers :topics :groups :clients :tx :zk :events :steps :q';

const LABEL = 8;

/** As many columns as there are room for: each key in one line. */
export function helpLines(focus: string, columns: number): readonly Line[] {
  const keys = KEYMAP.map(({ label, does }): Line => [{ text: ` ${pad(label, LABEL)} `, bold: true }, { text: does }]);
  const here = panelNamed(focus)?.help;
  return [
    [
      { text: ' Keys', bold: true },
      { text: '  ↑ ↓ scroll, any other key closes this', tone: 'dim' },
    ],
    ...(columns >= 120 ? sideBySide(keys, Math.floor(columns / 2)) : keys),
    ...(here === undefined ? [] : told(`here, in ${focus}: ${here}`, columns)),
    ...told(`${GOALS} go there; :broker-1, :orders-0 or :billing to its page`, columns),
    ...told('to begin with: kill broker-1, start broker-1, partition 1,2 | 3, heal all, help', columns),
    ...wrap(
      SIGNS.map(([sign, tone, means]): Line => [{ text: ` ${sign} `, tone }, { text: means }]),
      columns,
    ),
  ];
}

function sideBySide(lines: readonly Line[], half: number): readonly Line[] {
  const rows = Math.ceil(lines.length / 2);
  return lines.slice(0, rows).map((line, row): Line => {
    const [label, does] = line;
    return [label!, { text: pad(does!.text, half - LABEL - 2) }, ...(lines[row + rows] ?? [])];
  });
}

function told(text: string, columns: number): readonly Line[] {
  return wrap(
    text.split(' ').map((word): Line => [{ text: word, tone: 'dim' }]),
    columns - 1,
    ' ',
  ).map((line) => [{ text: ' ' }, ...line]);
}

import type { DashboardView, PartitionRow } from '../../../tools/view.ts';
import type { Panel } from '../panel.ts';
import { HEALTH_SIGNS, HEALTH_TONES, type Line, type Piece, pad, padLeft, wrap } from '../text.ts';

/**
 * A row a partition while they fit; then cells of leader and ISR side by side; then a sign each, a line or more a topic. So
 * a hundred partitions still stand on one screen.
 */
export const partitions: Panel = {
  name: 'partitions',
  shown: () => true,
  wish: ({ partitions }) => Math.max(2, partitions.length + 1),
  lines(view, { columns, rows }) {
    if (view.partitions.length === 0)
      return [[{ text: 'no topics yet: ', tone: 'dim' }, { text: 'createTopic orders --partitions 3' }]];
    if (view.partitions.length + 1 <= rows) return table(view, columns);
    const cells = wrap(view.partitions.map(cell), columns, '   ');
    return cells.length <= rows ? cells : map(view, columns);
  },
};

const leader = ({ leader }: PartitionRow): string => (leader < 0 ? 'none' : String(leader));
const sign = ({ health }: PartitionRow): Piece => ({ text: HEALTH_SIGNS[health], tone: HEALTH_TONES[health] });

function table({ partitions: all }: DashboardView, columns: number): readonly Line[] {
  const name = Math.min(30, Math.max(9, ...all.map((partition) => partition.name.length)));
  const isr = Math.min(14, Math.max(6, ...all.map((partition) => partition.replicas.join(',').length)));
  const offsets = columns >= name + isr + 46;
  const head = `  ${pad('partition', name)} ${pad('leader', 6)} ${pad('ISR', isr)} ${padLeft('epoch', 5)}`;
  return [
    [{ text: `${head}${offsets ? `${padLeft('HW', 10)}${padLeft('LEO', 10)}` : ''}`, tone: 'dim' }],
    ...all.map(
      (partition): Line => [
        sign(partition),
        { text: ` ${pad(partition.name, name)} ${pad(leader(partition), 6)} ` },
        { text: pad(partition.isr.join(','), isr) },
        { text: ` ${padLeft(String(partition.leaderEpoch), 5)}` },
        {
          text: offsets
            ? `${padLeft(String(partition.highWatermark ?? '-'), 10)}${padLeft(String(partition.logEndOffset ?? '-'), 10)}`
            : '',
        },
        { text: partition.health === 'ok' ? '' : ` ${partition.health}`, tone: HEALTH_TONES[partition.health] },
      ],
    ),
  ];
}

function cell(partition: PartitionRow): Line {
  return [
    sign(partition),
    { text: ` ${partition.name} ` },
    { text: leader(partition), bold: true },
    { text: `/${partition.isr.length}`, tone: 'dim' },
  ];
}

function map({ partitions: all }: DashboardView, columns: number): readonly Line[] {
  const topics = new Map<string, PartitionRow[]>();
  for (const partition of all) topics.set(partition.topic, [...(topics.get(partition.topic) ?? []), partition]);
  const name = Math.min(20, Math.max(...[...topics.keys()].map((topic) => topic.length)));
  const room = Math.max(10, columns - name - 1);
  const lines: Line[] = [[{ text: '● ok  ◐ under-replicated  ○ under min ISR  ✗ offline', tone: 'dim' }]];
  for (const [topic, of] of topics)
    for (let from = 0; from < of.length; from += room)
      lines.push([{ text: `${pad(from === 0 ? topic : '', name)} ` }, ...runs(of.slice(from, from + room))]);
  return lines;
}

/** Neighbours in one state are one piece, so that a line of a hundred is not a hundred elements. */
function runs(of: readonly PartitionRow[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const partition of of) {
    const next = sign(partition);
    const last = pieces.at(-1);
    if (last !== undefined && last.tone === next.tone)
      pieces[pieces.length - 1] = { ...last, text: last.text + next.text };
    else pieces.push(next);
  }
  return pieces;
}

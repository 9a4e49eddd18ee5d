import type { DashboardView, PartitionHealth, PartitionRow } from '../../../tools/view.ts';
import type { Panel, Room } from '../panel.ts';
import { HEALTH_SIGNS, HEALTH_TONES, keyed, type Line, matches, type Piece, pad, padLeft, wrap } from '../text.ts';

/**
 * A row a partition while they fit; then cells of leader and ISR side by side, those in trouble first; then a sign each, a
 * line or more a topic, under the cells of those in trouble. So a hundred partitions still stand on one screen.
 */
export const partitions: Panel = {
  name: 'partitions',
  side: 'left',
  shown: () => true,
  help: 'filter by name, leader=2, isr=1,2 or health: offline, under-replicated; Enter shows the logs side by side',
  wish: ({ partitions }) => Math.max(2, partitions.length + 1),
  lines(view, room) {
    const { columns, rows } = room;
    const shown = view.partitions.filter((partition) => matches(room.filter, wordsOf(partition)));
    if (shown.length === 0) return [nothing(view, room)];
    if (shown.length + 1 <= rows) return table(shown, columns);
    const sorted = [...shown].sort((a, b) => GRAVITY[b.health] - GRAVITY[a.health]);
    const cells = wrap(sorted.map(cell), columns, '   ');
    if (cells.length <= rows) return cells;
    const troubled = wrap(sorted.filter(({ health }) => health !== 'ok').map(cell), columns, '   ');
    const signs = map(shown, columns);
    return [signs[0]!, ...troubled.slice(0, Math.max(0, rows - signs.length)), ...signs.slice(1)];
  },
};

const GRAVITY: Readonly<Record<PartitionHealth, number>> = {
  ok: 0,
  'under-replicated': 1,
  'under min ISR': 2,
  offline: 3,
};

const leader = ({ leader }: PartitionRow): string => (leader < 0 ? 'none' : String(leader));
const keyOf = ({ name }: PartitionRow): string => `partition:${name}`;
const sign = (partition: PartitionRow): Piece => ({
  text: HEALTH_SIGNS[partition.health],
  tone: HEALTH_TONES[partition.health],
  key: keyOf(partition),
});
/** `leader=2` and `isr=1,2` may be asked for. */
const wordsOf = (partition: PartitionRow): string =>
  `${partition.name} ${partition.health} leader=${leader(partition)} isr=${partition.isr.join(',')}`;

function nothing(view: DashboardView, { filter }: Room): Line {
  if (view.partitions.length > 0) return [{ text: `no partition has "${filter}"`, tone: 'dim' }];
  return [{ text: 'no topics yet: ', tone: 'dim' }, { text: 'createTopic orders --partitions 3' }];
}

function table(all: readonly PartitionRow[], columns: number): readonly Line[] {
  const name = Math.min(30, Math.max(9, ...all.map((partition) => partition.name.length)));
  const isr = Math.min(14, Math.max(6, ...all.map((partition) => partition.replicas.join(',').length)));
  const offsets = columns >= name + isr + 50;
  const head = `  ${pad('partition', name)} ${pad('leader', 6)} ${pad('ISR', isr)} ${padLeft('epoch', 5)}`;
  return [
    [{ text: `${head}${offsets ? `${padLeft('HW', 9)}${padLeft('LEO', 9)}` : padLeft('HW', 8)}`, tone: 'dim' }],
    ...all.map((partition) => {
      const highWatermark = String(partition.highWatermark ?? '-');
      return keyed(keyOf(partition), [
        sign(partition),
        { text: ` ${pad(partition.name, name)} ${pad(leader(partition), 6)} ` },
        { text: pad(partition.isr.join(','), isr) },
        { text: ` ${padLeft(String(partition.leaderEpoch), 5)}` },
        {
          text: offsets
            ? `${padLeft(highWatermark, 9)}${padLeft(String(partition.logEndOffset ?? '-'), 9)}`
            : padLeft(highWatermark, 8),
        },
        { text: partition.health === 'ok' ? '' : ` ${partition.health}`, tone: HEALTH_TONES[partition.health] },
      ]);
    }),
  ];
}

function cell(partition: PartitionRow): Line {
  return keyed(keyOf(partition), [
    sign(partition),
    { text: ` ${partition.name} ` },
    { text: leader(partition), bold: true },
    { text: `/${partition.isr.length}`, tone: 'dim' },
  ]);
}

function map(all: readonly PartitionRow[], columns: number): readonly Line[] {
  const topics = new Map<string, PartitionRow[]>();
  for (const partition of all) {
    const of = topics.get(partition.topic);
    if (of === undefined) topics.set(partition.topic, [partition]);
    else of.push(partition);
  }
  const name = Math.min(20, Math.max(...[...topics.keys()].map((topic) => topic.length)));
  const room = Math.max(10, columns - name - 1);
  const lines: Line[] = [[{ text: '● ok  ◐ under-replicated  ○ under min ISR  ✗ offline', tone: 'dim' }]];
  for (const [topic, of] of topics)
    for (let from = 0; from < of.length; from += room)
      lines.push([{ text: `${pad(from === 0 ? topic : '', name)} ` }, ...of.slice(from, from + room).map(sign)]);
  return lines;
}

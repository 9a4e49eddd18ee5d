import type { TimelineRow } from '../../../tools/view.ts';
import { seconds } from '../../lines.ts';
import type { Panel } from '../panel.ts';
import { keyed, type Line, matches, padLeft, SIGNS } from '../text.ts';

/** Notable events, the newest at the bottom; a selection holds it still, and the filter names nodes, kinds, partitions. */
export const timeline: Panel = {
  name: 'timeline',
  side: 'below',
  follows: 'end',
  shown: () => true,
  help: 'a selection holds it still, End follows the newest again; Enter tells why it happened',
  wish: () => 8,
  lines(view, { filter }) {
    const shown =
      filter === ''
        ? view.timeline
        : view.timeline.filter(({ node, raw, text }) => matches(filter, `${node} ${raw} ${text}`));
    return shown.map(line);
  },
};

/** Rows are made anew for each picture, of the same events. */
const lines = new WeakMap<TimelineRow, Line>();

function line(row: TimelineRow): Line {
  const known = lines.get(row);
  if (known !== undefined) return known;
  const made = keyed(`event:${row.id}`, [
    { text: `${padLeft(seconds(row.atUs), 10)} `, tone: 'dim' },
    { text: `${SIGNS[row.tone]} `, tone: row.tone },
    { text: row.text },
  ]);
  lines.set(row, made);
  return made;
}

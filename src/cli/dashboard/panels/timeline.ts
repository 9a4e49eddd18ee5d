import { seconds } from '../../lines.ts';
import type { Panel } from '../panel.ts';
import { type Line, pad, padLeft, SIGNS } from '../text.ts';

/** The latest notable events, the newest at the bottom. */
export const timeline: Panel = {
  name: 'timeline',
  shown: () => true,
  wish: () => 8,
  lines: (view, { rows }) =>
    view.timeline
      .slice(-rows)
      .map(
        ({ atUs, node, text, tone }): Line => [
          { text: `${padLeft(seconds(atUs), 10)} `, tone: 'dim' },
          { text: `${SIGNS[tone]} `, tone },
          { text: `${pad(node, 15)} ` },
          { text },
        ],
      ),
};

import type { StepRow, Tone } from '../../../tools/view.ts';
import type { Panel } from '../panel.ts';
import { type Line, matches } from '../text.ts';

const SIGN: Readonly<Record<StepRow['state'], readonly [string, Tone]>> = {
  waiting: [' ', 'dim'],
  running: ['▸', 'warn'],
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  skipped: ['-', 'dim'],
  'no-effect': ['!', 'warn'],
};

/** A scenario's steps and expectations, ticking. Where not all fit, the present one stays in sight. */
export const steps: Panel = {
  name: 'steps and expectations',
  side: 'right',
  shown: ({ steps }) => steps.length > 0,
  wish: ({ steps }) => steps.length,
  lines(view, { rows, filter }) {
    const all = view.steps.filter(({ text, state, note }) => matches(filter, `${text} ${state} ${note}`));
    const at = all.findLastIndex(({ state }) => state !== 'waiting');
    const from = Math.max(0, Math.min(at - Math.floor(rows / 2), all.length - rows));
    return all.slice(from, from + rows).map(({ state, text, note }): Line => {
      const [sign, tone] = SIGN[state];
      return [
        { text: `${sign} `, tone },
        { text, ...(state === 'waiting' ? { tone: 'dim' as const } : {}), bold: state === 'running' },
        { text: note === '' ? '' : `  ${note}`, tone: state === 'failed' ? 'bad' : 'dim' },
      ];
    });
  },
};

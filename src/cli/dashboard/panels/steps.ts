import type { StepRow, Tone } from '../../../tools/view.ts';
import type { Panel } from '../panel.ts';
import { keyed, type Line, matches } from '../text.ts';

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
  help: 'Enter shows a step in full, with what was observed',
  wish: ({ steps }) => steps.length,
  present: ({ steps }) => `step:${steps.findLastIndex(({ state }) => state !== 'waiting')}`,
  lines: (view, { filter }) =>
    view.steps.flatMap((step, index) =>
      matches(filter, `${step.text} ${step.state} ${step.note}`) ? [keyed(`step:${index}`, line(step))] : [],
    ),
};

function line({ state, text, note }: StepRow): Line {
  const [sign, tone] = SIGN[state];
  return [
    { text: `${sign} `, tone },
    { text, ...(state === 'waiting' ? { tone: 'dim' as const } : {}), bold: state === 'running' },
    { text: note === '' ? '' : `  ${note}`, tone: state === 'failed' ? 'bad' : 'dim' },
  ];
}

import type { DashboardView } from '../../../tools/view.ts';
import { seconds } from '../../lines.ts';
import type { Panel } from '../panel.ts';
import { type Line, SIGNS, wrap } from '../text.ts';

/** What it is and when; then the eight questions of health, in their order. */
export const header: Panel = {
  name: 'header',
  shown: () => true,
  wish: (view, columns) => lines(view, columns).length,
  lines: (view, { columns }) => lines(view, columns),
};

export function speedText(speed: number): string {
  return speed === Number.POSITIVE_INFINITY ? 'max' : `${speed}x`;
}

function lines(view: DashboardView, columns: number): readonly Line[] {
  const title: Line[] = [
    [{ text: view.title, bold: true }],
    [{ text: `t=${seconds(view.timeUs)}` }],
    [view.paused ? { text: ' PAUSED ', inverse: true } : { text: speedText(view.speed), tone: 'dim' }],
    [{ text: view.status, tone: view.statusTone, bold: true }],
  ];
  const health = view.health.map(
    ({ label, value, tone }): Line => [
      { text: SIGNS[tone], tone },
      { text: ` ${label} ` },
      { text: value, bold: true },
    ],
  );
  return [...wrap(title, columns), ...wrap(health, columns)];
}

import type { DashboardView, HealthItem } from '../../../tools/view.ts';
import { seconds } from '../../lines.ts';
import type { Panel } from '../panel.ts';
import { type Line, SIGNS, wrap } from '../text.ts';

/** What it is, when, and where to connect; then the eight questions of health, in their order. */
export const header: Panel = {
  name: 'header',
  side: 'above',
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
    ...(view.place === '' ? [] : [[{ text: view.place, bold: true }]]),
    // That it does not run is said already.
    ...(view.paused && view.status === 'running' ? [] : [[{ text: view.status, tone: view.statusTone, bold: true }]]),
    ...bootstrap(view.bootstrapServers, columns),
  ];
  // In full words where two lines are enough for them.
  const full = wrap(view.health.map(item('full')), columns);
  const health = full.length <= 2 ? full : wrap(view.health.map(item('label')), columns);
  return [...wrap(title, columns), ...health];
}

const item =
  (words: 'full' | 'label') =>
  (health: HealthItem): Line => [
    { text: SIGNS[health.tone], tone: health.tone },
    { text: ` ${health[words]} ` },
    { text: health.value, bold: true },
  ];

/** As many as a client needs to begin with. */
function bootstrap(servers: readonly string[], columns: number): readonly Line[] {
  if (servers.length === 0) return [];
  const all = servers.join(',');
  const text = all.length <= columns - 10 ? all : `${servers[0]} +${servers.length - 1}`;
  return [[{ text: 'bootstrap ', tone: 'dim' }, { text }]];
}

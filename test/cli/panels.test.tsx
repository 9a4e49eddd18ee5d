/** The dashboard as text, at three sizes, from a view made by hand. */
import { renderToString } from 'ink';
import { describe, expect, test } from 'vitest';
import { paint } from '../../src/cli/dashboard/layout.ts';
import { Lines } from '../../src/cli/dashboard/lines-view.tsx';
import { PANELS } from '../../src/cli/dashboard/panels/index.ts';
import { partitions } from '../../src/cli/dashboard/panels/partitions.ts';
import { width } from '../../src/cli/dashboard/text.ts';
import type { DashboardView, PartitionRow } from '../../src/tools/view.ts';

const partition = (index: number, change: Partial<PartitionRow> = {}): PartitionRow => ({
  name: `orders-${index}`,
  topic: 'orders',
  leader: (index % 3) + 1,
  leaderEpoch: 0,
  isr: [1, 2, 3],
  replicas: [1, 2, 3],
  highWatermark: 1200 + index,
  logEndOffset: 1203 + index,
  health: 'ok',
  ...change,
});

const view: DashboardView = {
  title: 'Leader crash with acks=all (kraft, seed 42)',
  timeUs: 6_250_000,
  speed: 1,
  paused: false,
  status: 'running',
  statusTone: 'plain',
  health: [
    { label: 'brokers', value: '2/3', tone: 'warn' },
    { label: 'controllers', value: '1', tone: 'good' },
    { label: 'unclean', value: '0', tone: 'good' },
    { label: 'replicas', value: '6/9', tone: 'warn' },
    { label: 'under-replicated', value: '1', tone: 'warn' },
    { label: 'at min ISR', value: '1', tone: 'plain' },
    { label: 'under min ISR', value: '0', tone: 'good' },
    { label: 'offline', value: '1', tone: 'bad' },
  ],
  nodes: [
    { name: 'broker-1', state: 'stopped', role: '', epoch: 6, leaders: 1, tone: 'bad' },
    { name: 'broker-2', state: 'running', role: '', epoch: 7, leaders: 1, tone: 'good' },
    { name: 'broker-3', state: 'paused', role: '', epoch: 8, leaders: 1, tone: 'warn' },
    { name: 'controller-1001', state: 'running', role: 'controller', epoch: 1, leaders: null, tone: 'good' },
  ],
  partitions: [
    partition(0, { isr: [1], health: 'offline' }),
    partition(1, { isr: [2, 3], health: 'under-replicated' }),
    partition(2),
  ],
  producers: [
    {
      name: 'web',
      acked: 512,
      failed: 0,
      inFlight: 3,
      perSecond: 100,
      p99Us: 2100,
      sending: true,
      lastError: 'NOT_LEADER_OR_FOLLOWER',
    },
  ],
  rates: new Map([['web', [0, 50, 100, 100]]]),
  groups: [{ name: 'billing', state: 'Stable', members: 2, generation: 1, consumed: 500, lag: 12 }],
  timeline: [
    { id: 1, atUs: 5_000_000, node: 'world', text: 'step-begun line=20 text=kill leader(orders-0)', tone: 'plain' },
    { id: 2, atUs: 5_000_000, node: 'broker-1', text: 'process-killed incarnation=1', tone: 'bad' },
  ],
  steps: [
    { state: 'passed', text: 'kill leader(orders-0) --as dead', note: 'broker-1' },
    { state: 'running', text: 'expect orders-0.leader != $dead within 25s', note: '' },
    { state: 'waiting', text: 'start $dead', note: '' },
  ],
};

const SIZES = [
  { columns: 120, rows: 38 },
  { columns: 80, rows: 22 },
  { columns: 60, rows: 18 },
];

describe('the dashboard', () => {
  test.each(SIZES)('at $columns×$rows', (size) => {
    const lines = paint(view, 'partitions', size);
    expect(renderToString(<Lines lines={lines} colour={false} />, { columns: size.columns })).toMatchSnapshot();
  });

  test('has exactly the size that it was given, whichever panel has the focus', () => {
    for (const size of SIZES)
      for (const { name } of PANELS) {
        const lines = paint(view, name, size);
        expect(lines).toHaveLength(size.rows);
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(size.columns);
      }
  });

  test('every panel can be reached in the smallest size', () => {
    for (const { name } of PANELS) {
      const text = paint(view, name, SIZES[2]!)
        .map((line) => line.map((piece) => piece.text).join(''))
        .join('\n');
      expect(text).toContain(` ${name} `);
    }
  });

  test('a hundred partitions stay readable in a quarter of a screen', () => {
    const many = {
      ...view,
      partitions: Array.from({ length: 100 }, (_, index) =>
        partition(index, index === 40 ? { health: 'offline' } : {}),
      ),
    };
    const lines = partitions
      .lines(many, { columns: 59, rows: 6 })
      .map((line) => line.map((piece) => piece.text).join(''));
    expect(lines.length).toBeLessThanOrEqual(6);
    expect(lines.join('')).toContain('✗');
    expect([...lines.slice(1).join('')].filter((sign) => sign === '●')).toHaveLength(99);
  });
});

import * as cluster from './cluster.ts';
import type { Bench, Figure } from './figure.ts';
import * as kernel from './kernel.ts';
import * as rpc from './rpc.ts';
import * as storage from './storage.ts';

/** Every bench, by name; `npm run bench -- kernel` runs one. They are measured as a bundle, which is what users get. */
const benches: readonly Bench[] = [kernel, rpc, storage, cluster];

const wanted = process.argv.slice(2);
let missed = 0;
for (const bench of benches) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
  console.log(`\n${bench.name}`);
  for (const figure of bench.run()) {
    const verdict = verdictOf(figure);
    if (verdict === 'MISSED') missed += 1;
    console.log(row(figure, verdict));
  }
}
if (missed > 0) {
  console.log(`\n${missed} ${missed === 1 ? 'figure is' : 'figures are'} below the floor`);
  process.exitCode = 1;
}

function verdictOf({ value, floor, goal, less }: Figure): 'MISSED' | 'floor' | 'goal' {
  const reaches = (mark: number) => (less === true ? value <= mark : value >= mark);
  if (!reaches(floor)) return 'MISSED';
  return reaches(goal) ? 'goal' : 'floor';
}

function row(figure: Figure, verdict: string): string {
  const cells = [
    figure.name.padEnd(44),
    shown(figure.value, figure.unit).padStart(10),
    `floor ${shown(figure.floor, figure.unit)}`.padEnd(16),
    `goal ${shown(figure.goal, figure.unit)}`.padEnd(16),
    verdict.padEnd(7),
    figure.note ?? '',
  ];
  return `  ${cells.join(' ')}`.trimEnd();
}

function shown(value: number, unit: Figure['unit']): string {
  switch (unit) {
    case 'ratio':
      return value.toFixed(2);
    case 'times':
      return `${Math.round(value).toLocaleString('en')}×`;
    default:
      return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
  }
}

import type { Figure } from './figure.ts';

/** Prints figures with their verdicts; returns how many are below the floor. */
export function report(figures: readonly Figure[]): number {
  let missed = 0;
  for (const figure of figures) {
    const verdict = verdictOf(figure);
    if (verdict === 'MISSED') missed += 1;
    console.log(row(figure, verdict));
  }
  return missed;
}

/** The last line of a bench, and its exit status. */
export function conclude(missed: number): void {
  if (missed === 0) return;
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

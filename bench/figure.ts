/** One measured figure. Ratios against something measured in the same process mean the same on every machine. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ratio' | 'ns' | 'ms' | 'KB' | 'MB' | 'times';
  /** Below this (above it, if less is better) it is a defect. */
  readonly floor: number;
  readonly goal: number;
  readonly less?: true;
  /** Absolute rates, for people who are curious. */
  readonly note?: string;
}

export interface Bench {
  readonly name: string;
  run(): readonly Figure[];
}

/** Operations per second of the best of several rounds; the candidates take turns, so that a busy machine harms all alike. */
export function bestRates<K extends string>(
  rounds: number,
  candidates: { readonly [name in K]: () => { operations: number; elapsedNs: number } },
): { [name in K]: number } {
  const best: { [name: string]: number } = {};
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(candidates)) {
      const { operations, elapsedNs } = candidates[name as K]();
      best[name] = Math.max(best[name] ?? 0, (operations * 1e9) / elapsedNs);
    }
  }
  return best as { [name in K]: number };
}

export function elapsedNs(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start);
}

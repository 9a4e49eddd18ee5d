import type { Chance } from '../kernel/api.ts';

/**
 * Kafka's exponential back-off (ExponentialBackoff): doubles with each failure up to the maximum, then 20 % more or less
 * by chance, never past the maximum. If the maximum is not above the base, it is constant. In microseconds.
 */
export function backoffUs(baseMs: number, maxMs: number, failures: number, chance: Chance): number {
  if (maxMs <= baseMs) return baseMs * 1000;
  const doubledMs = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30));
  return Math.min(maxMs * 1000, Math.floor(doubledMs) * chance.between(800, 1200));
}

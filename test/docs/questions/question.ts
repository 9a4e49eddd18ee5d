/** A question that people ask, and how the prompt answers it. */
import type { Mode } from '../../../src/cluster/options.ts';
import { Shop, type ShopOptions, transcript } from '../shop.ts';

export interface Asked {
  readonly asked: string;
  readonly told: string;
  readonly runs: readonly Run[];
}

export interface Run {
  /** What it shows, where there are several. */
  readonly label?: string;
  readonly mode: Mode;
  readonly shop?: ShopOptions;
  readonly lines: readonly string[];
}

export function section({ asked, told, runs }: Asked, number: number): readonly string[] {
  return [
    '',
    `## ${number}. ${asked}`,
    '',
    told,
    ...runs.flatMap(({ label, mode, shop, lines }) => [
      '',
      ...(label === undefined ? [] : [`${label}:`, '']),
      ...transcript(new Shop(mode, shop), lines),
    ]),
  ];
}

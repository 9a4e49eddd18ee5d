/** Every metric, in the order in which they are listed. */
import type { Mode } from '../options.ts';
import { brokerMetrics } from './broker.ts';
import { clientMetrics } from './clients.ts';
import { controllerMetrics } from './controller.ts';
import { exporterMetrics } from './exporter.ts';
import { type Metric, prometheusName, shortName } from './metric.ts';
import { partitionMetrics } from './partition.ts';

export const METRICS: readonly Metric[] = [
  ...controllerMetrics,
  ...brokerMetrics,
  ...partitionMetrics,
  ...clientMetrics,
  ...exporterMetrics,
];

export function metricsOf(mode: Mode): readonly Metric[] {
  return METRICS.filter(({ modes }) => modes?.includes(mode) !== false);
}

/** Those whose bean's, exporter's or short name has this in it, or is like a pattern with `*`; a whole name means it alone. */
export function metricsLike(pattern: string, mode: Mode): readonly Metric[] {
  const wanted = pattern.toLowerCase();
  const known = metricsOf(mode);
  const names = ({ name }: Metric) => [name, shortName(name), prometheusName(name)].map((each) => each.toLowerCase());
  const exact = known.filter((metric) => names(metric).includes(wanted));
  if (exact.length > 0) return exact;
  const source = wanted
    .split('*')
    .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(wanted.includes('*') ? `^${source}$` : source);
  return known.filter((metric) => names(metric).some((name) => expression.test(name)));
}

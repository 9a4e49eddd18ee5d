import { metricsLike, metricsOf } from '../../cluster/metrics/index.ts';
import { type Metric, prometheusName, type Sample, shortName } from '../../cluster/metrics/metric.ts';
import { nearest } from '../../config/nearest.ts';
import { answered, type Question, refused } from './question.ts';

export const metrics: Question = {
  name: 'metrics',
  usage: 'metrics [NAME]',
  about:
    'metrics by the names of JMX or kafka_exporter: metrics UnderReplicatedPartitions, metrics *lag*; alone, all that there are',
  completes: ({ session }) => metricsOf(session.cluster.mode).map(({ name }) => shortName(name)),
  answer({ cluster }, rest) {
    if (rest === '')
      return answered(
        ...metricsOf(cluster.mode).map(({ name, about }) => `${name}  ${about}`),
        'metrics NAME shows values',
      );
    const found = metricsLike(rest, cluster.mode);
    if (found.length === 0) {
      const known = metricsOf(cluster.mode).flatMap(({ name }) => [shortName(name), name, prometheusName(name)]);
      const meant = nearest(rest, known);
      return refused(
        `there is no metric "${rest}"${meant === undefined ? '; `metrics` lists those whose value is known' : ` - did you mean ${meant}?`}`,
      );
    }
    return answered(...found.flatMap((metric) => linesOf(metric, metric.read(cluster))));
  },
};

function linesOf({ name }: Metric, samples: readonly Sample[]): readonly string[] {
  if (samples.length === 0) return [`${name}  nothing to tell of`];
  return samples.map(({ of, value }) => `${name}  ${of === '' ? '' : `${of}  `}${value}`);
}

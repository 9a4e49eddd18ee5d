/**
 * What a metric is: a name that people know from Kafka's JMX beans or from their exporters, and what the model knows of its value. A metric whose value the
 * trace does not tell (times within a broker, idle shares, byte rates) is not here: no number is made up.
 */
import type { Cluster } from '../cluster.ts';
import type { Mode } from '../options.ts';

export interface Sample {
  /** Whose it is: `broker-1`, `orders-0`, `billing orders-0`; '': the cluster's. */
  readonly of: string;
  readonly value: number | string;
}

export interface Metric {
  /** `kafka.server:type=ReplicaManager,name=LeaderCount`, `kafka.server:type=raft-metrics current-state`, or as kafka_exporter calls it. */
  readonly name: string;
  readonly about: string;
  /** Where it exists; left out: in both modes. */
  readonly modes?: readonly Mode[];
  read(cluster: Cluster): readonly Sample[];
}

/** The name that the JMX exporter gives a bean: `kafka_server_replicamanager_leadercount`. */
export function prometheusName(name: string): string {
  if (!name.includes(':')) return name;
  const [domain, properties = ''] = name.split(':');
  const values = properties.split(/[, ]/).map((property) => property.slice(property.indexOf('=') + 1));
  return [domain!, ...values].join('_').replace(/[.-]/g, '_').toLowerCase();
}

/** What is its own of it: `LeaderCount`, `current-state`. */
export function shortName(name: string): string {
  return name.replace(/^.*name=/, '').replace(/^.* /, '');
}

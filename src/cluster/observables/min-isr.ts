import type { PartitionRecord } from '../model/authority.ts';
import type { ClusterModel } from '../model/cluster-model.ts';

const NAME = 'min.insync.replicas';

/** The effective minimum: of the topic, else of the brokers, else Kafka's 1; never more than there are replicas. */
export function minInsyncReplicas(model: ClusterModel, partition: PartitionRecord): number {
  const { configs } = model.authority;
  const text = configs.get(`topic/${partition.topic}`)?.get(NAME) ?? configs.get('broker/')?.get(NAME) ?? '1';
  return Math.min(Number(text), partition.replicas.length);
}

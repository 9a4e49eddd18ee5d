import type { Value } from '../expression/value.ts';
import type { ClusterModel } from '../model/cluster-model.ts';
import type { ObservableTable, Subject } from './observable.ts';

function brokerId({ name }: Subject): number | undefined {
  const match = /^broker-(\d+)$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** A process that runs is `starting` until it serves, and `fenced` while the authority has fenced it. */
export function nodeState(model: ClusterModel, subject: Subject): string {
  const process = model.nodes.state(subject.name);
  const id = brokerId(subject);
  if (process !== 'running' || id === undefined) return process;
  if (!model.serving.has(subject.name)) return 'starting';
  return model.authority.brokers.get(id)?.fenced === true ? 'fenced' : 'running';
}

const registered = (model: ClusterModel, subject: Subject) => {
  const id = brokerId(subject);
  return id === undefined ? undefined : model.authority.brokers.get(id);
};

export const nodeObservables: ObservableTable = [
  {
    name: 'state',
    type: 'name',
    about: 'running, starting, fenced, paused, stopping, stopped or off',
    domains: ['nodes', 'authority'],
    read: nodeState,
  },
  {
    name: 'epoch',
    type: 'number',
    about: 'broker epoch: offset of its registration (KRaft), or czxid of its znode (ZooKeeper)',
    domains: ['authority'],
    read: (model, subject): Value => registered(model, subject)?.epoch ?? null,
  },
  {
    name: 'leaders',
    type: 'number',
    about: 'partitions that it leads, as the authority says',
    domains: ['authority'],
    read(model, subject) {
      const id = brokerId(subject);
      let count = 0;
      for (const partition of model.authority.partitions.values()) if (partition.leader === id) count += 1;
      return count;
    },
  },
];

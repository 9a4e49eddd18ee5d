import type { Session } from '../session.ts';
import { healthOf, nodesOf, partitionsOf } from '../view-cluster.ts';
import { answered, type Question } from './question.ts';

export const status: Question = {
  name: 'status',
  usage: 'status',
  about: 'health, nodes and partitions',
  answer: (session) => answered(...statusLines(session)),
};

export function statusLines({ cluster, time }: Session): readonly string[] {
  const { model, options } = cluster;
  const health = healthOf(model, options).map(({ label, value }) => `${label} ${value}`);
  const nodes = nodesOf(model, options).map(({ name, state, role, leaders }) =>
    `  ${name.padEnd(16)} ${state.padEnd(9)} ${leaders === null ? '' : `leads ${leaders}`} ${role}`.trimEnd(),
  );
  const partitions = partitionsOf(model).map(
    ({ name, leader, leaderEpoch, isr, highWatermark, health: state }) =>
      `  ${name.padEnd(16)} leader ${leader < 0 ? 'none' : leader}  epoch ${leaderEpoch}  ISR ${isr.join(',')}  HW ${highWatermark ?? '-'}  ${state}`,
  );
  return [`${cluster.mode}, ${time}`, health.join('  '), ...nodes, ...partitions];
}

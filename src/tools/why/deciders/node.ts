/** Values of brokers, controllers and servers of ZooKeeper. */
import { nodeState } from '../../../cluster/observables/node.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { number } from '../fields.ts';
import { changeOf } from '../rules/leadership.ts';
import type { Decider } from './decider.ts';

export const PROCESS: readonly string[] = [
  'process-started',
  'process-killed',
  'process-stopped',
  'process-paused',
  'process-resumed',
  'machine-powered-off',
  'termination-requested',
];

export const nodeDecider: Decider = ({ name, property, model }, why) => {
  const { history } = why;
  const id = Number(/^broker-(\d+)$/.exec(name)?.[1] ?? -1);
  const ofBroker = (event: TraceEvent): boolean => number(event, 'broker') === id;
  if (property === 'epoch')
    return (
      history.latestOf(['broker-registered', 'zookeeper-registered'], undefined, ofBroker) ?? {
        ending: 'only brokers have one',
      }
    );
  if (property === 'leaders')
    return (
      history.latestOf('partition-changed', undefined, (change) => {
        const { leader, before, newLeader } = changeOf(change, why);
        return newLeader && (leader === id || before?.leader === id);
      }) ??
      history.latestOf('partition-changed', undefined, (change) => number(change, 'leader') === id) ?? {
        ending: 'it was never made a leader',
      }
    );
  const state = nodeState(model, { name, replica: undefined });
  if (state === 'fenced') return history.latestOf('broker-fenced', undefined, ofBroker);
  const kinds = state === 'running' ? [...PROCESS, 'broker-serving', 'broker-unfenced'] : PROCESS;
  return history.latestOf(
    kinds,
    undefined,
    (event) => event.node === name || (event.kind.name === 'broker-unfenced' && ofBroker(event)),
  );
};

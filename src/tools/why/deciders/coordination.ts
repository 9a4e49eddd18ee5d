/** Values of controllers, quorums and znodes; and why nobody decides anything. */
import type { ClusterModel } from '../../../cluster/model/cluster-model.ts';
import { list, number, text } from '../fields.ts';
import { stoppedBy } from '../rules/silence.ts';
import { type Decision, ofBroker, type Why } from '../telling.ts';
import { all, type Decider, decided, NOW } from './decider.ts';

export const controllerDecider: Decider = ({ model }, why) => {
  const elected = why.history.latestOf('controller-elected', undefined);
  if (model.authority.believers.size > 0 || elected === undefined) return elected;
  const resigned = why.history.latestOf('controller-resigned', undefined, ({ id }) => id > elected.id);
  return stoppedBy(elected.node, NOW, why) ?? resigned ?? elected;
};

const MEMBER = /^(controller|zk)-/;

export const quorumDecider: Decider = ({ model, property }, why) => {
  const { history } = why;
  const elected = history.latestOf(['quorum-leader-elected', 'ensemble-leader-elected'], undefined);
  if (property === 'size') return { ending: 'the cluster was set up so' };
  if (property === 'committed') return history.latest(undefined, ({ kind }) => kind.fields[0] === 'version') ?? elected;
  const gone = [...model.nodes.all.values()].flatMap(({ name }) =>
    MEMBER.test(name) ? (stoppedBy(name, NOW, why) ?? []) : [],
  );
  if (model.quorum.leader !== undefined) {
    const names = gone.map(({ node }) => node).join(', ');
    if (property !== 'available' || gone.length === 0) return elected;
    return {
      causes: all(...gone, elected),
      remark: `without ${names}, ${model.quorum.size - gone.length} of ${model.quorum.size} are still a majority`,
    };
  }
  const resigned = history.latestOf(
    ['quorum-leader-resigned', 'ensemble-leadership-lost'],
    undefined,
    ({ id }) => elected === undefined || id > elected.id,
  );
  const latestFirst = [...gone].sort((a, b) => b.id - a.id);
  return { causes: all(resigned, ...latestFirst) };
};

/** Why nobody took the place of a broker that leads, and does not run. */
export function noElection(model: ClusterModel, broker: number, why: Why): Decision {
  if (model.quorum.leader === undefined) {
    const { causes } = decided(quorumDecider({ property: 'leader', model } as Parameters<Decider>[0], why));
    return { causes, remark: '; the quorum has no majority, so nobody can decide anything' };
  }
  if (model.authority.believers.size === 0)
    return {
      causes: all(decided(controllerDecider({ model } as Parameters<Decider>[0], why)).causes[0]),
      remark: '; there is no active controller',
    };
  const registered = model.authority.brokers.get(broker);
  if (registered === undefined || registered.fenced) return { causes: [] };
  const timeout = ofBroker(
    model.znodes.paths.length > 0 ? 'zookeeper.session.timeout.ms' : 'broker.session.timeout.ms',
  );
  return { causes: [{ ending: 'its session is not over yet', settings: [timeout] }] };
}

/** An ephemeral goes with its session; the others follow what the authority decides. */
export const znodeDecider: Decider = ({ name, model }, { history }) =>
  history.latest(undefined, (event) => {
    const { kind } = event;
    if (kind.name === 'session-closed') return list(event, 'ephemerals').includes(name);
    if (name.startsWith('/controller')) return kind.name === 'controller-failover-began';
    const broker = /^\/brokers\/ids\/(\d+)$/.exec(name);
    if (broker !== null) return kind.name === 'zookeeper-registered' && number(event, 'broker') === Number(broker[1]);
    const state = /^\/brokers\/topics\/(.+)\/partitions\/(\d+)\/state$/.exec(name);
    if (state !== null)
      return kind.name === 'partition-changed' && text(event, 'partition') === `${state[1]}-${state[2]}`;
    const topic = /^\/brokers\/topics\/([^/]+)/.exec(name);
    return topic !== null && kind.name === 'topic-created' && text(event, 'topic') === topic[1];
  }) ?? {
    ending:
      model.znodes.get(name) === undefined ? 'nobody has made it' : 'it is part of what the cluster was set up with',
  };

/** Values of nodes, controllers, clients, groups, transactions and znodes. */
import { groupObservables } from '../../../cluster/observables/group.ts';
import { nodeState } from '../../../cluster/observables/node.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { list, number, text } from '../fields.ts';
import { latestCommand } from '../rules/command.ts';
import { changeOf } from '../rules/leadership.ts';
import { stoppedBy } from '../rules/silence.ts';
import { type Cause, ofClient, type Why } from '../telling.ts';
import type { Decider, Question } from './decider.ts';
import { NOW } from './partition.ts';

const PROCESS: readonly string[] = [
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
  if (property === 'epoch') return history.latestOf(['broker-registered', 'zookeeper-registered'], undefined, ofBroker);
  if (property === 'leaders')
    return history.latestOf('partition-changed', undefined, (change) => {
      const { leader, before, newLeader } = changeOf(change, why);
      return newLeader && (leader === id || before?.leader === id);
    });
  const state = nodeState(model, { name, replica: undefined });
  if (state === 'fenced') return history.latestOf('broker-fenced', undefined, ofBroker);
  const kinds = state === 'running' ? [...PROCESS, 'broker-serving', 'broker-unfenced'] : PROCESS;
  return history.latestOf(
    kinds,
    undefined,
    (event) => event.node === name || (event.kind.name === 'broker-unfenced' && ofBroker(event)),
  );
};

export const controllerDecider: Decider = ({ model }, { history }) =>
  history.latestOf(
    model.authority.believers.size === 0 ? ['controller-resigned', 'controller-elected'] : ['controller-elected'],
    undefined,
  );

export const quorumDecider: Decider = ({ model }, why) => {
  const { history } = why;
  const elected = history.latestOf(['quorum-leader-elected', 'ensemble-leader-elected'], undefined);
  if (model.quorum.leader !== undefined) return elected;
  return (
    history.latestOf(
      ['quorum-leader-resigned', 'ensemble-leadership-lost'],
      undefined,
      ({ id }) => elected === undefined || id > elected.id,
    ) ?? (elected === undefined ? undefined : stoppedBy(elected.node, NOW, why))
  );
};

/** An ephemeral goes with its session; the others follow what the authority decides. */
export const znodeDecider: Decider = ({ name }, { history }) =>
  history.latest(undefined, (event) => {
    const { kind } = event;
    if (kind.name === 'session-closed') return list(event, 'ephemerals').includes(name);
    if (name.startsWith('/controller')) return kind.name === 'controller-failover-began';
    const broker = /^\/brokers\/ids\/(\d+)$/.exec(name);
    if (broker !== null) return kind.name === 'zookeeper-registered' && number(event, 'broker') === Number(broker[1]);
    const state = /^\/brokers\/topics\/(.+)\/partitions\/(\d+)\/state$/.exec(name);
    return (
      state !== null && kind.name === 'partition-changed' && text(event, 'partition') === `${state[1]}-${state[2]}`
    );
  });

/** Nodes of a client: its name, or `name[0]`, `name[1]` … */
const isOf =
  (client: string) =>
  ({ node }: TraceEvent): boolean =>
    node === client || node.startsWith(`${client}[`);

export const producerDecider: Decider = ({ name, property, argument }, why) => {
  const { history } = why;
  const own = isOf(name);
  const error = history.latestError(
    undefined,
    (event) => own(event) && (argument === undefined || text(event, 'error') === argument.split(/[ ,]/).at(-1)),
  );
  if (property === 'lastError' || property === 'errors') return error;
  const kinds =
    property === 'failed' ? ['batch-failed', 'send-failed'] : property === 'retried' ? ['batch-retried'] : [];
  return (
    history.latestOf(kinds, undefined, own) ??
    error ??
    history.latestOf(['send-blocked', 'sending-started', 'sending-stopped', ...PROCESS], undefined, own)
  );
};

export const groupDecider: Decider = (question, why) => {
  const { name, property } = question;
  const { history } = why;
  const ofGroup = (event: TraceEvent): boolean => text(event, 'group') === name;
  switch (property) {
    case 'lag':
    case 'maxLag':
    case 'positionLag':
    case 'consumed':
      return whyBehind(question, why);
    case 'members':
      return history.latestOf(['group-member-left', 'group-member-joined'], undefined, ofGroup);
    case 'generation':
    case 'assigned':
    case 'rebalances':
      return history.latestOf(
        ['group-rebalance-completed', 'group-target-assigned', 'group-assignment-delivered'],
        undefined,
        ofGroup,
      );
    case 'coordinator':
      return history.latestOf(['group-loaded', 'group-created'], undefined, ofGroup);
    default:
      return history.latestOf(['group-state-changed', 'group-loaded'], undefined, ofGroup);
  }
};

/** Nodes of the clients that read in a group. */
function readersOf({ name, cluster }: Question): readonly string[] {
  return [...cluster.clients.all.values()].flatMap(({ options, members }) =>
    options.role.kind !== 'produce' && (options.role.reading.group === name || options.name === name)
      ? members.map(({ node }) => node)
      : [],
  );
}

const observed = (name: string, { model, name: group }: Question): number =>
  Number(groupObservables.find((known) => known.name === name)!.read(model, { name: group, replica: undefined }, []));

/** An older error does not hold a group up any more. */
const RECENT_US = 15_000_000;

/**
 * A group is behind because a member does not run, or nobody owns partitions for the moment, or its requests fail; else because
 * it commits only now and then, or its members are slower than who writes.
 */
function whyBehind(question: Question, why: Why): Cause {
  const { name, model } = question;
  if (observed('lag', question) === 0) return { ending: 'its members have read and committed everything' };
  const nodes = readersOf(question);
  const stopped = nodes.map((node) => stoppedBy(node, NOW, why)).find((event) => event !== undefined);
  if (stopped !== undefined) return stopped;
  const { history } = why;
  const state = model.groups.all.get(name)?.state;
  if (state !== undefined && state !== 'Stable')
    return history.latestOf(
      ['group-state-changed', 'group-loaded'],
      undefined,
      (event) => text(event, 'group') === name,
    );
  const [reader] = nodes;
  if (reader !== undefined && observed('positionLag', question) < observed('lag', question) / 2)
    return {
      ending: 'what was read is committed only now and then',
      settings: [ofClient(reader, 'auto.commit.interval.ms')],
    };
  const error = history.latestError(undefined, ({ node }) => nodes.includes(node));
  if (error !== undefined && model.nowUs - error.atUs < RECENT_US) return error;
  return reader === undefined
    ? undefined
    : { ending: 'its members read more slowly than producers write', settings: [ofClient(reader, 'max.poll.records')] };
}

export const transactionDecider: Decider = ({ name, property, model }, why) => {
  const { history } = why;
  const ofId = (event: TraceEvent): boolean => text(event, 'transactionalId') === name;
  const to =
    (state: string) =>
    (event: TraceEvent): boolean =>
      ofId(event) && text(event, 'to') === state;
  const changed = history.latestOf(['transaction-state-changed', 'transaction-loaded'], undefined, ofId);
  const record = model.transactions.all.get(name);
  switch (property) {
    case 'state':
      return (record?.state.startsWith('Prepare') === true ? heldUp(record.coordinator, why) : undefined) ?? changed;
    case 'fenced':
      return history.latestOf('transaction-producer-fenced', undefined, ofId);
    case 'committed':
      return history.latestOf('transaction-state-changed', undefined, to('CompleteCommit'));
    case 'aborted':
      return history.latestOf('transaction-state-changed', undefined, to('CompleteAbort'));
    case 'coordinator':
      return history.latestOf('transaction-loaded', undefined, ofId) ?? changed;
    default:
      return changed;
  }
};

/** What is prepared is completed at once, unless its coordinator is gone, or its markers are swallowed. */
function heldUp(coordinator: string | null, why: Why): TraceEvent | undefined {
  const gone = coordinator === null ? undefined : stoppedBy(coordinator, NOW, why);
  return gone ?? latestCommand(NOW, why, /^inject WriteTxnMarkers\b/);
}

/** What a count of the ledger comes from: a cut, a retry whose answer was lost, an abort. */
export const ledgerDecider: Decider = ({ property }, { history }) => {
  switch (property) {
    case 'lost':
    case 'truncated':
    case 'diverged':
      return history.latestOf('log-truncated', undefined);
    case 'duplicated':
    case 'reordered':
      return history.latestOf('batch-retried', undefined) ?? history.latestOf('position-reset', undefined);
    case 'failed':
      return history.latestOf(['batch-failed', 'send-failed'], undefined);
    default:
      return undefined;
  }
};

/** What could be asked: for who asks nothing, and for who mistypes. */
import type { Cluster } from '../../cluster/cluster.ts';
import { allNodes, partitionName } from '../../cluster/names.ts';
import { nearest } from '../../config/nearest.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { clientName, clientOfError, text } from './fields.ts';
import { NOTABLE_KINDS } from './history.ts';
import { topicOf, type Why } from './telling.ts';
import { clientOf } from './tellings/groups.ts';

/** `; did you mean orders-0?`, or nothing. */
export function meant(text: string, known: readonly string[]): string {
  const found = nearest(text, known);
  if (found === text) return ': it has not happened';
  return found === undefined ? '' : `; did you mean ${found}?`;
}

export const errorNames = (): readonly string[] => Object.keys(ErrorCode);

/** Everything that has a name. */
export function subjectNames({ catalog }: Cluster): readonly string[] {
  const partitions = [...catalog.topics()].flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => partitionName({ topic, partition })),
  );
  return [
    ...partitions,
    ...catalog.topics().keys(),
    ...catalog.groups(),
    ...catalog.clients().keys(),
    ...catalog.realClients(),
    ...allNodes(catalog),
    'cluster',
    'controller',
    'quorum',
    'ledger',
    'lost',
    ...NOTABLE_KINDS.map(({ name }) => name),
  ];
}

const MOST_SUBJECTS = 6;

/** What changed lately, the latest first: `orders-0.leader`, `web.lastError`. */
export function lately(why: Why, { catalog }: Cluster): readonly string[] {
  const topics = catalog.topics();
  const found = new Set<string>();
  const error = why.history.latestError(undefined, () => true);
  if (error !== undefined) found.add(`${clientName(clientOfError(error))}.lastError`);
  for (let index = why.history.notable.length - 1; index >= 0 && found.size < MOST_SUBJECTS; index--) {
    const event = why.history.notable[index]!;
    if (event.atUs < why.zeroUs) break;
    const subject = subjectOf(event);
    const gone = event.kind.fields.includes('partition') && !topics.has(topicOf(text(event, 'partition')));
    if (subject !== undefined && !gone) found.add(subject);
  }
  return [...found];
}

function subjectOf(event: TraceEvent): string | undefined {
  const { node, kind } = event;
  switch (kind.name) {
    case 'partition-changed': {
      const partition = text(event, 'partition');
      return partition.startsWith('__')
        ? undefined
        : `${partition}.${/^(alter-partition|isr-)/.test(text(event, 'reason')) ? 'isr' : 'leader'}`;
    }
    case 'group-state-changed':
      return `${text(event, 'group')}.state`;
    case 'group-member-left':
      return clientOf(text(event, 'member'));
    case 'process-killed':
    case 'process-stopped':
    case 'process-paused':
    case 'machine-powered-off':
      return /^(broker|controller|zk)-/.test(node) ? `${node}.state` : node;
    case 'controller-elected':
      return 'controller.id';
    case 'log-truncated':
      return 'ledger.truncated';
    case 'produce-rejected':
      return text(event, 'error');
    case 'transaction-state-changed':
      return `txn(${text(event, 'transactionalId')}).state`;
    default:
      return undefined;
  }
}

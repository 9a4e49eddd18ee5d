/** Where a group or a transactional id is coordinated, and why not there any more. */
import { javaAbs, javaHash } from '../../../broker/java-hash.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { number, text } from '../fields.ts';
import type { Cause, Why } from '../telling.ts';
import { latestLeaderChange } from './leadership.ts';
import { stoppedBy } from './silence.ts';

export const OFFSETS = '__consumer_offsets';
export const TRANSACTIONS = '__transaction_state';

/** The partition that keeps it, as brokers compute it (GroupMetadataManager.partitionFor); undefined: the topic is not there. */
function partitionFor(topic: string, key: string, event: TraceEvent, { history }: Why): string | undefined {
  const created = history.latestOf('topic-created', event.id, (other) => text(other, 'topic') === topic);
  const count = created === undefined ? 0 : number(created, 'partitions');
  return count > 0 ? `${topic}-${javaAbs(javaHash(key)) % count}` : undefined;
}

/** The group of a client. */
export function groupOf(client: string, event: TraceEvent, why: Why): string | undefined {
  const set = why.setting({ kind: 'client', name: client }, 'group.id');
  if (set !== null && set !== '') return set;
  // The first join may be what did not succeed.
  const joined = why.history.latestOf('group-member-joined', undefined, (other) => text(other, 'clientId') === client);
  const found = why.history.latestOf('coordinator-found', event.id, ({ node }) => node === client);
  return joined !== undefined ? text(joined, 'group') : found === undefined ? undefined : text(found, 'group');
}

/** Its leader changed, does not run, or the topic is only being made. `key` undefined: whose it is nobody knows. */
export function coordinatorMoved(topic: string, key: string | undefined, event: TraceEvent, why: Why): Cause {
  const { history } = why;
  const partition = key === undefined ? undefined : partitionFor(topic, key, event, why);
  const made = history.latestOf(
    ['topic-creation-requested', 'topic-created'],
    event.id,
    (other) => text(other, 'topic') === topic,
  );
  if (partition === undefined)
    return made ?? { ending: `there is no ${topic} yet: it is made when somebody first asks for a coordinator` };
  const change = history.latestOf('partition-changed', event.id, (other) => text(other, 'partition') === partition);
  const leader = change === undefined ? -1 : number(change, 'leader');
  const stopped = leader < 0 ? undefined : stoppedBy(`broker-${leader}`, event, why);
  return stopped ?? latestLeaderChange(partition, event.id, why) ?? made;
}

/** The tables of `kafka-consumer-groups --describe` (ConsumerGroupCommand). */
import { keyed, MISSING, orMissing, row, widest } from './columns.ts';
import { type Committed, committedOffsets, type Group, type Member } from './group-description.ts';
import { keyOf, LATEST, listOffsets, partitionsOf, type TopicPartition } from './offsets.ts';
import type { Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

/** Says what is to be said of a group's state; true if there is something to show. */
export function announce({ print, spoil }: ToolCall, { id, state }: Group): boolean {
  switch (state) {
    case 'Dead':
      print('', `Error: Consumer group '${id}' does not exist.`);
      spoil();
      return false;
    case 'Empty':
      print('', `Consumer group '${id}' has no active members.`);
      return true;
    case 'Stable':
      return true;
    default:
      print('', `Warning: Consumer group '${id}' is rebalancing.`);
      return true;
  }
}

interface OffsetRow extends TopicPartition {
  readonly committed: Committed | undefined;
  readonly logEnd: number | undefined;
  readonly member: Member | undefined;
}

export function* printOffsets(call: ToolCall, group: Group): Steps<void> {
  const rows = yield* offsetRows(call, group);
  if (!announce(call, group) || rows.length === 0) return;
  const verbose = call.args.has('verbose') && !call.older;
  const cells = rows.map(({ topic, partition, committed, logEnd, member }) => [
    group.id,
    topic,
    String(partition),
    ...(verbose
      ? [committed === undefined || committed.leaderEpoch < 0 ? MISSING : String(committed.leaderEpoch)]
      : []),
    orMissing(committed?.offset),
    orMissing(logEnd),
    committed === undefined || logEnd === undefined ? MISSING : String(logEnd - committed.offset),
    orMissing(member?.id),
    orMissing(member?.host),
    orMissing(member?.clientId),
  ]);
  const head = [
    'GROUP',
    'TOPIC',
    'PARTITION',
    'CURRENT-OFFSET',
    'LOG-END-OFFSET',
    'LAG',
    'CONSUMER-ID',
    'HOST',
    'CLIENT-ID',
  ];
  if (verbose) head.splice(3, 0, 'LEADER-EPOCH');
  const numbers = verbose ? [15, 15, 15, 15] : [15, 15, 15];
  const consumer = head.indexOf('CONSUMER-ID');
  const column = (index: number) =>
    widest(
      15,
      cells.map((line) => line[index]!),
    );
  const widths = [column(0), column(1), 10, ...numbers, column(consumer), column(consumer + 1), 0];
  call.print('', ...[head, ...cells].map((line) => row(widths, line)));
  for (const [index, { partition, committed, logEnd }] of rows.entries())
    call.data({
      ...keyed(head, cells[index]!),
      PARTITION: partition,
      'CURRENT-OFFSET': committed?.offset ?? null,
      'LOG-END-OFFSET': logEnd ?? null,
      LAG: committed === undefined || logEnd === undefined ? null : logEnd - committed.offset,
    });
}

/** Those with a consumer first, the member with most partitions before the others. */
function* offsetRows(call: ToolCall, { id, members }: Group): Steps<readonly OffsetRow[]> {
  const committed = yield* committedOffsets(call, id);
  const owners = members
    .filter(({ assignment }) => assignment.length > 0)
    .map((member, index) => ({ member, index }))
    .sort((one, other) => other.member.assignment.length - one.member.assignment.length || one.index - other.index)
    .map(({ member }) => member);
  const owned = owners.flatMap((member) => member.assignment.map((partition) => ({ ...partition, member })));
  const assigned = new Set(owned.map(keyOf));
  const rest = committed
    .filter((partition) => !assigned.has(keyOf(partition)))
    .map(({ topic, partition }) => ({ topic, partition, member: undefined }));
  const all = [...owned, ...rest];
  const known = yield* partitionsOf(call, null);
  const led = new Set(known.filter(({ leader }) => leader >= 0).map(keyOf));
  const ends = yield* listOffsets(
    call,
    all.filter((partition) => led.has(keyOf(partition))),
    LATEST,
  );
  const endOf = new Map(ends.map((end) => [keyOf(end), end.offset]));
  const commitOf = new Map(committed.map((commit) => [keyOf(commit), commit]));
  return all.map((partition) => ({
    ...partition,
    committed: commitOf.get(keyOf(partition)),
    logEnd: endOf.get(keyOf(partition)),
  }));
}

/** Unlike the others, this table has its head even if there is nobody. */
export function printMembers(call: ToolCall, group: Group): void {
  const { members } = group;
  announce(call, group);
  const verbose = call.args.has('verbose');
  const epochs = verbose && !call.older;
  const withInstance = members.some(({ instanceId }) => instanceId !== '');
  const classic = members.some(({ upgraded }) => upgraded === false);
  const migrating = classic && members.some(({ upgraded }) => upgraded === true);
  const line = (cells: MemberCells): readonly string[] => [
    cells.group,
    cells.id,
    ...(withInstance ? [cells.instanceId] : []),
    cells.host,
    cells.clientId,
    cells.count,
    ...(verbose && call.older ? [cells.olderAssignment] : []),
    ...(epochs ? [cells.epoch, cells.assignment, cells.targetEpoch, cells.target] : []),
    ...(epochs && migrating ? [cells.upgraded] : []),
  ];
  const rows = members.map((member) => line(memberCells(group, member)));
  const column = (least: number, of: keyof MemberCells) =>
    widest(
      least,
      members.map((member) => memberCells(group, member)[of]),
    );
  const widths = [
    column(15, 'group'),
    column(15, 'id'),
    ...(withInstance ? [column(17, 'instanceId')] : []),
    column(15, 'host'),
    column(15, 'clientId'),
    15,
    ...(epochs ? [15, column(20, 'assignment'), 15, column(20, 'target'), 0] : []),
  ];
  const end = verbose ? '' : ' ';
  call.print('', ...[line(MEMBER_HEAD), ...rows].map((cells) => row(widths, cells) + end));
  call.data(
    ...rows.map((cells, index) => ({
      ...keyed(line(MEMBER_HEAD), cells),
      '#PARTITIONS': members[index]!.assignment.length,
    })),
  );
}

interface MemberCells {
  readonly group: string;
  readonly id: string;
  readonly instanceId: string;
  readonly host: string;
  readonly clientId: string;
  readonly count: string;
  readonly epoch: string;
  readonly assignment: string;
  readonly targetEpoch: string;
  readonly target: string;
  readonly upgraded: string;
  /** As it was before 4.0. */
  readonly olderAssignment: string;
}

const MEMBER_HEAD: MemberCells = {
  group: 'GROUP',
  id: 'CONSUMER-ID',
  instanceId: 'GROUP-INSTANCE-ID',
  host: 'HOST',
  clientId: 'CLIENT-ID',
  count: '#PARTITIONS',
  epoch: 'CURRENT-EPOCH',
  assignment: 'CURRENT-ASSIGNMENT',
  targetEpoch: 'TARGET-EPOCH',
  target: 'TARGET-ASSIGNMENT',
  upgraded: 'UPGRADED',
  olderAssignment: 'ASSIGNMENT',
};

function memberCells({ id: group, targetEpoch }: Group, member: Member): MemberCells {
  return {
    group,
    id: member.id,
    instanceId: member.instanceId,
    host: member.host,
    clientId: member.clientId,
    count: String(member.assignment.length),
    epoch: orMissing(member.epoch),
    assignment: orMissing(assignmentText(member.assignment)),
    targetEpoch: orMissing(targetEpoch),
    target: orMissing(assignmentText(member.target ?? [])),
    upgraded: orMissing(member.upgraded === null ? null : String(member.upgraded)),
    olderAssignment: orMissing(olderAssignmentText(member.assignment)),
  };
}

/** `orders:0,1;pay:2`. */
function assignmentText(partitions: readonly TopicPartition[]): string {
  return [...numbersByTopic(partitions)].map(([topic, numbers]) => `${topic}:${numbers.join(',')}`).join(';');
}

/** `orders(0,1), pay(2)`. */
function olderAssignmentText(partitions: readonly TopicPartition[]): string {
  return [...numbersByTopic(partitions)].map(([topic, numbers]) => `${topic}(${numbers.join(',')})`).join(', ');
}

function numbersByTopic(partitions: readonly TopicPartition[]): ReadonlyMap<string, readonly number[]> {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of partitions) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  return byTopic;
}

export function printState(call: ToolCall, group: Group): void {
  if (!announce(call, group)) return;
  const { id, assignor, state, epoch, targetEpoch, members } = group;
  const coordinator = `${group.coordinator.host}:${group.coordinator.port}  (${group.coordinator.id})`;
  const { older } = call;
  const verbose = call.args.has('verbose') && !older;
  const widths = [
    Math.max(older ? 25 : 15, id.length),
    Math.max(25, coordinator.length),
    20,
    older ? 15 : 20,
    ...(verbose ? [15, 25] : []),
    0,
  ];
  const epochs = verbose ? [orMissing(epoch), orMissing(targetEpoch)] : [];
  const head = [
    'GROUP',
    'COORDINATOR (ID)',
    'ASSIGNMENT-STRATEGY',
    'STATE',
    ...(verbose ? ['GROUP-EPOCH', 'TARGET-ASSIGNMENT-EPOCH'] : []),
    '#MEMBERS',
  ];
  const cells = [id, coordinator, older ? assignor : orMissing(assignor), state, ...epochs, members.length];
  call.print('', row(widths, head), row(widths, cells));
  call.data(keyed(head, cells));
}

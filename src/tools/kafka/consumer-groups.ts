import { DeleteGroups } from '../../protocol/apis/42-delete-groups.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { keyed, row, widest } from './columns.ts';
import { exceptionOf, javaText, PlainError, ToolError, UsageError } from './failure.ts';
import { describeGroup, type Group, listGroups } from './group-description.ts';
import { removeOffsets } from './group-offset-deletion.ts';
import { checkOptions } from './group-options.ts';
import { resetOffsets } from './group-reset.ts';
import { printMembers, printOffsets, printState } from './group-tables.ts';
import { askAll, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

/** In the order in which Java's sets have them. */
const STATES = ['Dead', 'Assigning', 'CompletingRebalance', 'Stable', 'Empty', 'PreparingRebalance', 'Reconciling'];
const TYPES = ['Consumer', 'Classic'];
const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'];

/** ConsumerGroupCommand. */
export const consumerGroups: Tool = {
  name: 'kafka-consumer-groups',
  summary: 'lists, describes and deletes consumer groups, and moves their offsets',
  differs: 'Groups and partitions come in the order of their names. Times without a zone are UTC.',
  options: [
    { name: 'list', about: 'names of the groups' },
    { name: 'describe', about: 'offsets and lag, or members, or state' },
    { name: 'delete', about: 'deletes groups without members' },
    { name: 'delete-offsets', about: 'forgets what a group has committed of topics' },
    { name: 'reset-offsets', about: 'commits other offsets for a group without members' },
    { name: 'group', value: 'NAME', completes: 'group', about: 'which; repeatable' },
    { name: 'all-groups', about: 'all of them' },
    { name: 'offsets', about: 'describe offsets and lag (what it does by itself)' },
    { name: 'members', about: 'describe members' },
    {
      name: 'state',
      value: '[STATE]',
      optional: true,
      about: 'describe the state; with --list, list states, too, or only groups in these',
    },
    { name: 'type', value: '[TYPE]', optional: true, about: 'with --list: list types, too, or only these' },
    { name: 'verbose', about: 'more columns' },
    { name: 'topic', value: 'NAME[:0,1]', completes: 'topic', about: 'of which topics; repeatable' },
    { name: 'all-topics', about: 'of all topics that the group has committed' },
    { name: 'to-earliest', about: 'reset to the first offset' },
    { name: 'to-latest', about: 'reset to the end' },
    { name: 'to-current', about: 'reset to what is committed, or to the end' },
    { name: 'to-offset', value: 'N', about: 'reset to an offset' },
    { name: 'shift-by', value: 'N', about: 'reset by so many records, forwards or back' },
    { name: 'to-datetime', value: 'TIME', about: 'reset to the first record of that time: 2026-01-31T12:00:00.000' },
    { name: 'by-duration', value: 'P1DT2H', about: 'reset to what was written that long ago' },
    { name: 'from-file', value: 'FILE', file: 'lines', about: 'reset to these: orders,0,5; or the lines themselves' },
    { name: 'dry-run', about: 'show what a reset would commit' },
    { name: 'execute', about: 'commit it' },
    { name: 'export', about: 'show it as CSV' },
    { name: 'timeout', value: 'MS', about: 'taken, and not needed' },
  ],
  refuses: { 'validate-regex': 'an expression is checked by the broker when a consumer subscribes with it' },
  examples: [
    'kafka-consumer-groups --list --state',
    'kafka-consumer-groups --describe --group billing',
    'kafka-consumer-groups --describe --group billing --members --verbose',
    'kafka-consumer-groups --group billing --topic orders --reset-offsets --to-earliest --execute',
  ],
  *run(call) {
    const { args } = call;
    const action = args.exactlyOne(
      ACTIONS,
      `Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets${call.older ? '' : ', --validate-regex'}`,
    );
    checkOptions(call, action);
    if (action === 'list') return yield* list(call);
    if (action === 'describe') return yield* failing(call, describe(call));
    if (action === 'delete') return yield* failing(call, remove(call));
    if (action === 'delete-offsets') return yield* failing(call, removeOffsets(call, args.required('group')));
    return yield* failing(call, resetOffsets(call, yield* groupsOf(call)));
  },
};

/** Any error of the cluster ends this tool with the same words. */
function* failing({ print, spoil }: ToolCall, steps: Steps<void>): Steps<void> {
  try {
    yield* steps;
  } catch (thrown) {
    if (!(thrown instanceof ToolError) || thrown instanceof UsageError) throw thrown;
    const why = thrown instanceof PlainError ? thrown.message : javaText(thrown);
    print('', `Error: Executing consumer group command failed due to ${why}`);
    spoil();
  }
}

function* groupsOf(call: ToolCall): Steps<readonly string[]> {
  if (!call.args.has('all-groups')) return [...new Set(call.args.all('group'))].sort();
  return (yield* listGroups(call, { states: [], types: [] })).map(({ id }) => id);
}

/** `stable,empty`: as they are written. Throws `UsageError` for what is none of `known`. */
function wordsOf(given: string | undefined, known: readonly string[], list: string, these: string): readonly string[] {
  return (given ?? '')
    .split(',')
    .filter((word) => word !== '')
    .map((word) => {
      const found = known.find((each) => each.toLowerCase() === word.trim().toLowerCase());
      if (found === undefined)
        throw new UsageError(`Invalid ${list} '${given}'. Valid ${these} are: ${known.join(', ')}`);
      return found;
    });
}

function* list(call: ToolCall): Steps<void> {
  const { args, print, data } = call;
  const states = wordsOf(args.get('state'), STATES, 'state list', 'states');
  const types = wordsOf(args.get('type'), TYPES, 'types list', 'types');
  const groups = yield* listGroups(call, { states, types });
  if (!args.has('state') && !args.has('type')) {
    data(...groups.map(({ id }) => id));
    return print(...groups.map(({ id }) => id));
  }
  const cells = groups.map(({ id, type, state }) => [
    id,
    ...(args.has('type') ? [type] : []),
    ...(args.has('state') ? [state] : []),
  ]);
  const head = ['GROUP', ...(args.has('type') ? ['TYPE'] : []), ...(args.has('state') ? ['STATE'] : [])];
  const widths = [
    widest(
      15,
      groups.map(({ id }) => id),
    ) + 10,
    20,
    20,
  ];
  print(...[head, ...cells].map((line) => row(widths, line)));
  data(...cells.map((line) => keyed(head, line)));
}

function* describe(call: ToolCall): Steps<void> {
  const groups: Group[] = [];
  for (const id of yield* groupsOf(call)) groups.push(yield* describeGroup(call, id));
  for (const group of groups)
    if (call.args.has('members')) printMembers(call, group);
    else if (call.args.has('state') && !call.args.has('offsets')) printState(call, group);
    else yield* printOffsets(call, group);
}

function* remove(call: ToolCall): Steps<void> {
  const { admin, print, spoil, older } = call;
  const ids = yield* groupsOf(call);
  const answers = yield* askAll(
    admin,
    ids.map((id) => ({
      api: DeleteGroups,
      body: DeleteGroups.request.make({ groupsNames: [id] }),
      target: { kind: 'coordinator', group: id } as const,
    })),
  );
  const results = answers.map(({ results: [result] }, index) => ({ id: ids[index]!, code: result!.errorCode }));
  const refused = results.filter(({ code }) => code !== ErrorCode.NONE);
  const quoted = (these: typeof results) => these.map(({ id }) => `'${id}'`).join(', ') || (older ? "''" : '');
  if (refused.length === 0) return print(`Deletion of requested consumer groups (${quoted(results)}) was successful.`);
  spoil();
  print('', 'Error: Deletion of some consumer groups failed:');
  for (const { id, code } of refused)
    print(
      `* Group '${id}' could not be deleted due to: ${older ? 'java.util.concurrent.ExecutionException: ' : ''}${javaText(exceptionOf(code, null))}`,
    );
  const deleted = results.filter(({ code }) => code === ErrorCode.NONE);
  if (deleted.length > 0) print('', `These consumer groups were deleted successfully: ${quoted(deleted)}`);
}

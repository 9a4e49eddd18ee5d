/** Which options of `kafka-consumer-groups` go together (ConsumerGroupCommandOptions). */
import { UsageError } from './failure.ts';
import { RESET_WAYS } from './group-reset.ts';
import type { ToolCall } from './tool.ts';

/** Throws `UsageError`. */
export function checkOptions(call: ToolCall, action: string): void {
  const { args, older } = call;
  if (action === 'delete-offsets' && !(args.has('group') && args.has('topic')))
    throw new UsageError(
      `Option [delete-offsets] takes the following options: ${older ? '[all-groups], [group]' : '[topic], [group]'}`,
    );
  if (action === 'reset-offsets') checkExecution(call);
  if (action !== 'list' && !args.has('group') && !args.has('all-groups'))
    throw new UsageError(
      `Option [${action}] takes one of these options: ${older && action === 'describe' ? OLDER_SCOPES : '[all-groups], [group]'}`,
    );
  const views = ['members', 'offsets', 'state'];
  if (action === 'describe' && views.filter((name) => args.has(name)).length > 1)
    throw new UsageError('Option [describe] takes at most one of these options: [members], [offsets], [state]');
  if (action === 'describe' && args.get('state'))
    throw new UsageError('Option [describe] does not take a value for [state]');
  if (action === 'delete' && args.has('topic'))
    throw new UsageError('The consumer does not support topic-specific offset deletion from a consumer group.');
  if (action === 'reset-offsets')
    for (const way of RESET_WAYS)
      args.exclude(
        way,
        RESET_WAYS.filter((name) => name !== way),
      );
  args.exclude('group', ['all-groups', ...(action === 'list' ? ['list'] : [])]);
  if (action === 'list' || action === 'describe') args.exclude('topic', [action]);
}

/** A slip of that release. */
const OLDER_SCOPES = '[list], [describe], [delete], [reset-offsets]';
const FUTURE = ' In version 5.0, this command will require either --dry-run or --execute to be specified.';
const OLDER_FUTURE =
  'In a future major release, the default behavior of this command will be to prompt the user before executing the reset rather than doing a dry run.';

/** Prints a warning where nothing says whether to commit. */
function checkExecution({ args, print, older }: ToolCall): void {
  if (args.has('execute') && args.has('dry-run'))
    throw new UsageError('Option [reset-offsets] only accepts one of [execute] and [dry-run]');
  if (!args.has('execute') && !args.has('dry-run'))
    print(
      `WARN: No action will be performed as the --execute option is missing.${older ? OLDER_FUTURE : FUTURE} You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.`,
    );
}

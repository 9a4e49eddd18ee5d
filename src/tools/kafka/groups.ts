import { keyed, row, widest } from './columns.ts';
import { UsageError } from './failure.ts';
import { listAllGroups } from './group-description.ts';
import type { Tool } from './tool.ts';

const TYPES = ['classic', 'consumer', 'share', 'streams'];

/** GroupsCommand. */
export const groups: Tool = {
  name: 'kafka-groups',
  summary: 'lists groups of every type',
  differs: 'Groups come in the order of their names. No broker here has share groups or streams groups.',
  options: [
    { name: 'list', about: 'the only thing it does' },
    { name: 'consumer', about: 'only consumer groups, of both protocols' },
    { name: 'share', about: 'only share groups: there are none' },
    { name: 'streams', about: 'only streams groups: there are none' },
    { name: 'group-type', value: 'TYPE', completes: TYPES, about: 'only those of this type' },
    { name: 'protocol', value: 'NAME', about: 'only those whose members speak it: consumer, connect' },
  ],
  examples: ['kafka-groups --list', 'kafka-groups --list --group-type classic'],
  *run(call) {
    const { args, print, data } = call;
    if (!args.has('list')) throw new UsageError('Command must include exactly one action: --list.');
    const filters = ['consumer', 'share', 'streams', 'group-type'].filter((name) => args.has(name));
    for (const [index, name] of filters.entries()) args.exclude(name, filters.slice(index + 1));
    for (const name of ['consumer', 'share', 'streams']) args.exclude(name, ['protocol']);
    const type = args.get('group-type')?.toLowerCase();
    if (type !== undefined && !TYPES.includes(type)) throw new UsageError('--group-type must be a valid group type.');
    const wanted = (yield* listAllGroups(call)).filter(
      (group) =>
        (type === undefined || group.type.toLowerCase() === type) &&
        (!args.has('protocol') || group.protocol === args.get('protocol')) &&
        (!args.has('consumer') || group.type === 'Consumer' || ['consumer', ''].includes(group.protocol)) &&
        (!args.has('share') || group.type === 'Share') &&
        (!args.has('streams') || group.type === 'Streams'),
    );
    const head = ['GROUP', 'TYPE', 'PROTOCOL'];
    const cells = wanted.map(({ id, type: of, protocol }) => [id, of, protocol]);
    // All columns are as wide as the widest cell.
    const width = widest(20, cells.flat());
    const widths = [width, width, width];
    print(...[head, ...cells].map((line) => row(widths, line)));
    data(...cells.map((line) => keyed(head, line)));
  },
};

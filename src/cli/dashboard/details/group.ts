import type { GroupRecord } from '../../../cluster/model/groups.ts';
import { keyed, type Line, pad, padLeft, sparkline } from '../text.ts';
import { type Detail, type DetailSource, fact, heading, none } from './detail.ts';

/** A group: who coordinates it, who is in it, what each member owns, and how far behind it is. */
export const group: Detail = (source, name, columns) => {
  const record = source.model.groups.all.get(name);
  if (record === undefined) return undefined;
  const lags = source.view.rates.get(`group:${name}`) ?? [];
  return [
    fact('state', record.state, record.state === 'Stable' ? 'good' : 'warn'),
    fact('generation', `${record.generation}, ${record.rebalances} rebalances after the first Stable`),
    keyed(
      `node:${record.coordinator}`,
      fact('coordinator', record.coordinator ?? 'none', record.coordinator === null ? 'bad' : undefined),
    ),
    ...(record.partition === null
      ? []
      : [
          keyed(
            `partition:__consumer_offsets-${record.partition}`,
            fact('kept in', `__consumer_offsets-${record.partition}`),
          ),
        ]),
    // What a real client's application was handed, nobody knows.
    ...(record.consumed === 0 ? [] : [fact('consumed', record.consumed)]),
    ...(lags.length === 0
      ? []
      : [
          fact(
            'lag',
            `${sparkline(lags, Math.max(8, Math.min(40, columns - 40)))} ${lags.at(-1)}, at most ${Math.max(...lags)}`,
          ),
        ]),
    ...heading(`members: ${record.members.size}`),
    ...members(record, columns),
    ...heading('partitions'),
    ...partitions(source, record),
  ];
};

function members({ members: names, assignments }: GroupRecord, columns: number): readonly Line[] {
  if (names.size === 0) return [none('none')];
  return [...names].map((member): Line => {
    const owned = assignments.get(member) ?? [];
    return [
      { text: `  ${pad(member, Math.min(50, Math.floor(columns / 2)))} ` },
      { text: owned.length === 0 ? 'owns nothing' : owned.join(' '), tone: owned.length === 0 ? 'warn' : 'plain' },
    ];
  });
}

function partitions({ model }: DetailSource, record: GroupRecord): readonly Line[] {
  const owners = new Map(
    [...record.assignments].flatMap(([member, owned]) => owned.map((name) => [name, member] as const)),
  );
  const names = [...new Set([...owners.keys(), ...record.committed.keys(), ...record.positions.keys()])].sort();
  if (names.length === 0) return [none('none yet')];
  const width = Math.max(9, ...names.map((name) => name.length));
  const head = `  ${pad('partition', width)} ${padLeft('committed', 10)} ${padLeft('position', 10)} ${padLeft('HW', 10)} ${padLeft('lag', 8)}  owner`;
  return [
    [{ text: head, tone: 'dim' }],
    ...names.map((name) => {
      const leader = model.replicas.get(name, model.authority.partitions.get(name)?.leader ?? -1);
      const committed = record.committed.get(name);
      const end = leader?.highWatermark;
      const from = committed ?? record.starts.get(name) ?? leader?.logStartOffset ?? 0;
      const lag = end === undefined ? undefined : Math.max(0, end - from);
      return keyed(`partition:${name}`, [
        {
          text: `  ${pad(name, width)} ${padLeft(String(committed ?? '-'), 10)} ${padLeft(String(record.positions.get(name) ?? '-'), 10)} ${padLeft(String(end ?? '-'), 10)} `,
        },
        { text: padLeft(String(lag ?? '-'), 8), bold: true },
        { text: `  ${owners.get(name) ?? 'nobody'}`, tone: 'dim' },
      ]);
    }),
  ];
}

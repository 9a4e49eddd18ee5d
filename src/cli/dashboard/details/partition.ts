import type { PartitionRecord } from '../../../cluster/model/authority.ts';
import type { ReplicaRecord } from '../../../cluster/model/replicas.ts';
import { brokerNode } from '../../../cluster/options.ts';
import { HEALTH_TONES, keyed, type Line, type Piece, pad, padLeft, SIGNS } from '../text.ts';
import { type Detail, type DetailSource, fact, heading } from './detail.ts';

/** The logs of a partition's replicas under each other on one scale: how far each goes, what of it is committed, where its epochs begin. */
export const partition: Detail = (source, name, columns) => {
  const record = source.model.authority.partitions.get(name);
  if (record === undefined) return undefined;
  const row = source.view.partitions.find((candidate) => candidate.name === name);
  return [
    fact('leader', record.leader < 0 ? 'none' : record.leader, record.leader < 0 ? 'bad' : undefined),
    fact('leader epoch', `${record.leaderEpoch}, partition epoch ${record.partitionEpoch}`),
    fact('replicas', record.replicas.join(',')),
    fact('ISR', record.isr.join(','), record.isr.length < record.replicas.length ? 'warn' : undefined),
    ...(record.elr.length === 0 ? [] : [fact('eligible', `${record.elr.join(',')} (ELR)`)]),
    [
      ...fact('health', ''),
      { text: row?.health ?? 'internal topic', tone: row === undefined ? 'plain' : HEALTH_TONES[row.health] },
    ],
    fact('topic id', record.topicId),
    ...settings(source, record),
    ...heading('logs:  █ committed, as this replica knows  ▒ not yet'),
    ...logs(source, record, columns),
    ...readers(source, name),
  ];
};

function settings({ model }: DetailSource, { topic }: PartitionRecord): readonly Line[] {
  const own = [...(model.authority.configs.get(`topic/${topic}`) ?? [])].map(([name, value]) => `${name}=${value}`);
  return own.length === 0 ? [] : [fact('settings', own.join(' '))];
}

function logs({ model, epochs }: DetailSource, record: PartitionRecord, columns: number): readonly Line[] {
  const replicas = record.replicas.map((id) => ({ id, replica: model.replicas.get(record.name, id) }));
  const starts = replicas.flatMap(({ replica }) => (replica === undefined ? [] : [replica.logStartOffset]));
  const scale: Scale = {
    from: Math.min(...starts, Number.MAX_SAFE_INTEGER),
    to: Math.max(1, ...replicas.map(({ replica }) => replica?.logEndOffset ?? 0)),
    columns: Math.max(10, Math.min(60, columns - 47)),
  };
  return replicas.flatMap(({ id, replica }) => {
    const node = brokerNode(id);
    const running = model.nodes.running(node);
    const inSync = record.isr.includes(id);
    const tone = !running ? 'bad' : inSync ? 'good' : 'warn';
    const key = `node:${node}`;
    const believed = !running ? 'stopped' : replica === undefined ? 'no log' : replica.role;
    const of = epochs.starts(node, record.name);
    return [
      keyed(key, [
        { text: `${SIGNS[tone]} `, tone },
        { text: pad(node, 10) },
        { text: ` ${pad(believed, 9)}`, bold: id === record.leader },
        ...bar(replica, scale),
        {
          text:
            replica === undefined
              ? ''
              : ` ${padLeft(`LEO ${replica.logEndOffset}`, 10)} ${padLeft(`HW ${replica.highWatermark}`, 9)}`,
        },
      ]),
      keyed(key, [
        {
          text: `  ${' '.repeat(10)} epoch ${pad(believedEpoch(replica), 4)} starts ${replica?.logStartOffset ?? '-'}`,
          tone: 'dim',
        },
        {
          text: `  epochs ${of.length === 0 ? '-' : of.map(({ epoch, offset }) => `${epoch} from ${offset}`).join(', ')}`,
          tone: 'dim',
        },
        { text: inSync ? '' : '  not in the ISR', tone: 'warn' },
      ]),
    ];
  });
}

const believedEpoch = (replica: ReplicaRecord | undefined): string => String(replica?.leaderEpoch ?? '-');

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

/** One cell or more for whatever is there at all, so that a single record behind is seen. */
function bar(replica: ReplicaRecord | undefined, { from, to, columns }: Scale): readonly Piece[] {
  if (replica === undefined) return [{ text: ' '.repeat(columns) }];
  const at = (offset: number): number => Math.round(((offset - from) / Math.max(1, to - from)) * columns);
  const start = at(replica.logStartOffset);
  let end = at(replica.logEndOffset);
  if (replica.logEndOffset < to) end = Math.min(end, columns - 1);
  let committed = Math.min(end, at(replica.highWatermark));
  if (replica.highWatermark < replica.logEndOffset) committed = Math.min(committed, end - 1);
  committed = Math.max(start, committed);
  return [
    { text: ' '.repeat(start) },
    { text: '█'.repeat(committed - start), tone: 'good' },
    { text: '▒'.repeat(Math.max(0, end - committed)), tone: 'warn' },
    { text: ' '.repeat(Math.max(0, columns - Math.max(end, committed))) },
  ];
}

function readers({ model }: DetailSource, name: string): readonly Line[] {
  const groups = [...model.groups.all.values()].filter(
    ({ committed, positions }) => committed.has(name) || positions.has(name),
  );
  if (groups.length === 0) return [];
  return [
    ...heading('read by'),
    ...groups.map((group) =>
      keyed(`group:${group.name}`, [
        {
          text: `  ${pad(group.name, 16)} committed ${group.committed.get(name) ?? '-'}  position ${group.positions.get(name) ?? '-'}`,
        },
      ]),
    ),
  ];
}

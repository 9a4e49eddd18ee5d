import type { ZnodeRecord } from '../../../cluster/model/znodes.ts';
import { timeText } from '../../../tools/causes.ts';
import { keyed, type Line } from '../text.ts';
import { type Detail, type DetailSource, fact, heading, none, paragraph } from './detail.ts';

/** A znode as the ensemble committed it, and the whole tree below it. */
export const znode: Detail = (source, path, columns) => {
  const { model } = source;
  const record = model.znodes.get(path);
  if (record === undefined && path !== '/') return undefined;
  const prefix = path === '/' ? '/' : `${path}/`;
  const below = model.znodes.paths.filter((other) => other.startsWith(prefix) && other !== path).sort(inTree);
  return [
    ...(record === undefined ? [] : factsOf(source, path, record, columns)),
    ...heading(`below it: ${below.length}`),
    ...(below.length === 0 ? [none('nothing')] : below.map((other) => branch(other, prefix, model.znodes.get(other)))),
  ];
};

function factsOf(
  { model, zeroUs, watchersOf }: DetailSource,
  path: string,
  { version, owner, created, changed, acl, data }: ZnodeRecord,
  columns: number,
): readonly Line[] {
  const moment = ({ zxid, atUs }: ZnodeRecord['created']): string => `zxid ${zxid} at ${timeText(atUs - zeroUs)}`;
  const whose = (session: string): string => {
    const of = model.sessions.all.get(session)?.owner;
    return of === undefined || of === null ? `session ${session}` : `session ${session} of ${of}`;
  };
  const watchers = watchersOf(path);
  return [
    fact('version', version),
    fact('owner', owner === null ? 'none: it is persistent' : `${whose(owner)}: it is ephemeral`),
    fact('created', moment(created)),
    ...(version === 0 ? [] : [fact('changed', moment(changed))]),
    ...(acl === undefined ? [] : [fact('ACL', acl.join(' '))]),
    ...(watchers.length === 0 ? [fact('watched by', 'nobody')] : []),
    ...watchers.map(({ session, server }, index) =>
      fact(index === 0 ? 'watched by' : '', `${whose(session)} at ${server}`),
    ),
    ...heading('data'),
    ...(data === '' ? [none('empty')] : paragraph(data, columns)),
  ];
}

/** Depth first, as `ls -R` would be if it were a tree; numbers in the order of numbers. */
function inTree(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [one, other] = [left[at]!, right[at]!];
    if (one === other) continue;
    const difference = Number(one) - Number(other);
    return Number.isNaN(difference) || difference === 0 ? (one < other ? -1 : 1) : difference;
  }
  return left.length - right.length;
}

function branch(path: string, prefix: string, record: ZnodeRecord | undefined): Line {
  const depth = path.slice(prefix.length).split('/').length;
  const { owner = null, data = '' } = record ?? {};
  return keyed(`znode:${path}`, [
    { text: `${'  '.repeat(depth)}${path.slice(path.lastIndexOf('/') + 1)}` },
    { text: owner === null ? '' : '  ephemeral', tone: 'warn' },
    { text: data === '' ? '' : `  ${data}`, tone: 'dim' },
  ]);
}

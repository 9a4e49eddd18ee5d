import { keyed, type Line } from '../text.ts';
import { type Detail, fact, heading, none, paragraph } from './detail.ts';

/** A znode as the ensemble committed it, with its children. */
export const znode: Detail = ({ model }, path, columns) => {
  const record = model.znodes.get(path);
  const below = path === '/' ? '/' : `${path}/`;
  const children = model.znodes.paths
    .filter((other) => other.startsWith(below) && other !== path && !other.slice(below.length).includes('/'))
    .sort();
  if (record === undefined && path !== '/') return undefined;
  return [
    ...(record === undefined
      ? []
      : [
          fact('version', record.version),
          fact('owner', record.owner === null ? 'none: it is persistent' : `session ${record.owner}: it is ephemeral`),
          ...heading('data'),
          ...(record.data === '' ? [none('empty')] : paragraph(record.data, columns)),
        ]),
    ...heading(`children: ${children.length}`),
    ...children.map((child): Line => {
      const own = model.znodes.get(child);
      return keyed(`znode:${child}`, [
        { text: `  ${child.slice(below.length)}` },
        { text: own?.owner === null || own === undefined ? '' : '  ephemeral', tone: 'warn' },
        { text: own === undefined || own.data === '' ? '' : `  ${own.data}`, tone: 'dim' },
      ]);
    }),
  ];
};

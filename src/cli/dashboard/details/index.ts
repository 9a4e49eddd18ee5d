/** The pages that Enter opens, by the kind of what is selected. */
import type { Line } from '../text.ts';
import { client } from './client.ts';
import type { Detail, DetailSource } from './detail.ts';
import { diagram } from './diagram.ts';
import { event } from './event.ts';
import { group } from './group.ts';
import { node } from './node.ts';
import { outside } from './outside.ts';
import { partition } from './partition.ts';
import { step } from './step.ts';
import { transaction } from './transaction.ts';
import { znode } from './znode.ts';

export const DETAILS: Readonly<Record<string, Detail>> = {
  node,
  partition,
  group,
  client,
  outside,
  transaction,
  event,
  diagram,
  znode,
  step,
};

export const canOpen = (key: string): boolean => Object.hasOwn(DETAILS, key.split(':')[0]!);

/** The page of a key; undefined: it is gone. */
export function detailOf(source: DetailSource, key: string, columns: number): readonly Line[] | undefined {
  const [kind = '', ...name] = key.split(':');
  return DETAILS[kind]?.(source, name.join(':'), columns);
}

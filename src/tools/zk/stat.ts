/** A stat as zkCli prints it (StatPrinter). */

import { javaDate } from '../../coordinator/zookeeper/ensemble/java-date.ts';
import type { Stat } from '../../coordinator/zookeeper/ensemble/messages.ts';
import { formatZxid } from '../../coordinator/zookeeper/ensemble/zxid.ts';

export function statLines(stat: Stat): readonly string[] {
  return [
    `cZxid = ${formatZxid(stat.czxid)}`,
    `ctime = ${javaDate(stat.ctime)}`,
    `mZxid = ${formatZxid(stat.mzxid)}`,
    `mtime = ${javaDate(stat.mtime)}`,
    `pZxid = ${formatZxid(stat.pzxid)}`,
    `cversion = ${stat.cversion}`,
    `dataVersion = ${stat.version}`,
    `aclVersion = ${stat.aversion}`,
    `ephemeralOwner = ${formatZxid(stat.ephemeralOwner)}`,
    `dataLength = ${stat.dataLength}`,
    `numChildren = ${stat.numChildren}`,
  ];
}

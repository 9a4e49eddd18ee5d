/** Every command of zkCli: one line each, in the order of their names. */
import type { ZkCommand } from './command.ts';
import { addWatch } from './commands/add-watch.ts';
import { addauth } from './commands/addauth.ts';
import { close, quit } from './commands/close.ts';
import { config, reconfig } from './commands/config.ts';
import { connect } from './commands/connect.ts';
import { create } from './commands/create.ts';
import { deleteNode } from './commands/delete.ts';
import { deleteall } from './commands/deleteall.ts';
import { get } from './commands/get.ts';
import { getAcl } from './commands/get-acl.ts';
import { getAllChildrenNumber } from './commands/get-all-children-number.ts';
import { getEphemerals } from './commands/get-ephemerals.ts';
import { history } from './commands/history.ts';
import { ls } from './commands/ls.ts';
import { printwatches } from './commands/printwatches.ts';
import { delquota, listquota, setquota } from './commands/quota.ts';
import { redo } from './commands/redo.ts';
import { removewatches } from './commands/removewatches.ts';
import { set } from './commands/set.ts';
import { setAcl } from './commands/set-acl.ts';
import { stat } from './commands/stat.ts';
import { sync } from './commands/sync.ts';
import { version } from './commands/version.ts';
import { whoami } from './commands/whoami.ts';

export const COMMANDS: readonly ZkCommand[] = [
  addWatch,
  addauth,
  close,
  config,
  connect,
  create,
  deleteNode,
  deleteall,
  delquota,
  get,
  getAcl,
  getAllChildrenNumber,
  getEphemerals,
  history,
  listquota,
  ls,
  printwatches,
  quit,
  reconfig,
  redo,
  removewatches,
  set,
  setAcl,
  setquota,
  stat,
  sync,
  version,
  whoami,
];

const byName = new Map(COMMANDS.map((command) => [command.name, command]));

export function commandNamed(name: string): ZkCommand | undefined {
  return byName.get(name);
}

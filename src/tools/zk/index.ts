/** Every command of zkCli: one line each, in the order of their names. */
import type { ZkCommand } from './command.ts';
import { close, quit } from './commands/close.ts';
import { connect } from './commands/connect.ts';
import { create } from './commands/create.ts';
import { deleteNode } from './commands/delete.ts';
import { deleteall } from './commands/deleteall.ts';
import { get } from './commands/get.ts';
import { history } from './commands/history.ts';
import { ls } from './commands/ls.ts';
import { printwatches } from './commands/printwatches.ts';
import { redo } from './commands/redo.ts';
import { set } from './commands/set.ts';
import { stat } from './commands/stat.ts';
import { sync } from './commands/sync.ts';
import { version } from './commands/version.ts';

export const COMMANDS: readonly ZkCommand[] = [
  close,
  connect,
  create,
  deleteNode,
  deleteall,
  get,
  history,
  ls,
  printwatches,
  quit,
  redo,
  set,
  stat,
  sync,
  version,
];

const byName = new Map(COMMANDS.map((command) => [command.name, command]));

export function commandNamed(name: string): ZkCommand | undefined {
  return byName.get(name);
}

import type { ZkCall } from '../command.ts';

/** The old way to ask for a watch: any second word. Says so, as the real one does. */
export function deprecatedWatch({ command, args, print }: ZkCall, instead: string): boolean {
  if (args.words.length < 2) return false;
  print(`'${command.name} path [watch]' has been deprecated. Please use '${instead}' instead.`);
  return true;
}

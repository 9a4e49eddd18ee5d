import type { ZkCommand } from '../command.ts';
import { CliError } from '../failure.ts';

export const redo: ZkCommand = {
  name: 'redo',
  usage: 'cmdno',
  about: 'runs a line again, by its number in `zk history`',
  offline: true,
  examples: ['redo 3'],
  *run({ args, shell, again }) {
    const [number] = args.words;
    if (number === undefined) return;
    if (!/^[+-]?\d+$/.test(number))
      throw new CliError(
        [`For input string: "${number}"`],
        'redo takes a number of `zk history`; the real zkCli dies of this',
      );
    const line = shell.history[Number(number)];
    if (line === undefined || Number(number) >= shell.history.length - 1)
      throw new CliError(['Command index out of range']);
    if (/^redo\b/.test(line)) throw new CliError(['No redoing redos']);
    shell.history[shell.history.length - 1] = line;
    yield* again(line);
  },
};

/** What `help zk` and `zk help` answer. */
import { nearest } from '../../config/nearest.ts';
import { commandHelp } from './command.ts';
import { COMMANDS, commandNamed } from './index.ts';

export const ZK_SUMMARY = 'any command of zkCli, or a four-letter word, to the ensemble of ZooKeeper mode';

/** `ok`: there is such a command. */
export function zkHelp(name: string | undefined): { readonly ok: boolean; readonly lines: readonly string[] } {
  if (name === undefined)
    return {
      ok: true,
      lines: [
        `zk COMMAND: ${ZK_SUMMARY}`,
        ...COMMANDS.map(({ name, about }) => `  ${name.padEnd(21)} ${about}`),
        '`help zk COMMAND` shows its options and examples',
      ],
    };
  const command = commandNamed(name);
  if (command !== undefined) return { ok: true, lines: commandHelp(command) };
  const meant = nearest(
    name,
    COMMANDS.map((known) => known.name),
  );
  const hint = meant === undefined ? '`help zk` lists them' : `did you mean ${meant}?`;
  return { ok: false, lines: [`zk has no command "${name}" - ${hint}`] };
}

/** What `help zk` and `zk help` answer. */
import { nearest } from '../../config/nearest.ts';
import { WORDS, wordNamed } from '../../coordinator/zookeeper/ensemble/four-letter/index.ts';
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
        'Four-letter words, to the server of the session, to another (`zk mntr zk-2`), to the `leader`, or to `all`:',
        ...WORDS.map(({ name, about }) => `  ${name.padEnd(21)} ${about}`),
        '`help zk COMMAND` shows its options and examples',
      ],
    };
  const command = commandNamed(name);
  const word = wordNamed(name);
  if (command !== undefined || word !== undefined)
    return {
      ok: true,
      lines: [
        ...(command === undefined ? [] : commandHelp(command)),
        ...(word === undefined ? [] : [`zk ${name} [SERVER|leader|all]`, `A four-letter word: ${word.about}.`]),
      ],
    };
  const meant = nearest(
    name,
    [...COMMANDS, ...WORDS].map((known) => known.name),
  );
  const hint = meant === undefined ? '`help zk` lists them' : `did you mean ${meant}?`;
  return { ok: false, lines: [`zk has no command "${name}" - ${hint}`] };
}

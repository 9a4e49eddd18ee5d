/** The part of `docs/prompt.md` about `zk`. */
import { WORDS } from '../../src/coordinator/zookeeper/ensemble/four-letter/index.ts';
import { usageOf, writtenOption } from '../../src/tools/zk/command.ts';
import { COMMANDS } from '../../src/tools/zk/index.ts';
import { PromptScript } from '../tools/prompt-script.ts';

const SESSION = [
  'zk ls /brokers',
  'zk get /controller',
  'zk get -w /controller',
  'zk create -e /lock me',
  'zk stat /lock',
  'zk delete /controller',
  'zk ls /broker',
  'zk srvr leader',
  'zk mntr zk-1 | grep sessions',
];

export function zkSection(): readonly string[] {
  return [
    '## ZooKeeper',
    '',
    '`zk COMMAND` takes any command of zkCli in ZooKeeper mode (`bin/zkCli.sh -server …` and `zookeeper-shell localhost:2181 …` are taken, too). The first one begins a session of',
    'the operator’s with the ensemble, a real one: it has a time-out of 30 s (20 ticks at most), pings, ephemerals and watches, goes to the next server when its own dies, and may expire. A command waits,',
    'in virtual time, until it is answered; without a quorum it ends with `ConnectionLoss`. What watches tell, and what becomes of the session, is said unasked, as it happens. Texts are those of',
    'ZooKeeper 3.8; lines that begin with `zk: ` are kzsim’s own. `zk quit` ends the session, `expireSession --session 0x…` lets it expire. What differs stands in [fidelity.md](fidelity.md).',
    '',
    '```',
    ...told(SESSION),
    '```',
    '',
    ...COMMANDS.flatMap((command) => {
      const { name, about, differs, options = [], examples } = command;
      return [
        `### zk ${name}`,
        '',
        `${about.charAt(0).toUpperCase()}${about.slice(1)}.${differs === undefined ? '' : ` ${differs}`}`,
        '',
        ...(options.length > 0 ? ['| option | |', '| --- | --- |'] : []),
        ...options.map((option) => `| \`${writtenOption(option)}\` | ${option.about} |`),
        ...(options.length > 0 ? [''] : []),
        '```',
        usageOf(command).trimEnd(),
        ...examples.map((example) => `zk ${example}`),
        '```',
        '',
      ];
    }),
    '### Four-letter words',
    '',
    '`zk mntr` asks the server that the session is connected to, or else the first; `zk mntr zk-2`, `zk mntr leader` and `zk mntr all` ask others. A word needs no session. A dead server refuses, a',
    'hanging one is given up after 10 s.',
    '',
    '| word | |',
    '| --- | --- |',
    ...WORDS.map(({ name, about }) => `| \`${name}\` | ${about} |`),
  ];
}

/** Lines with what they answer, and before it what was said unasked. */
function told(lines: readonly string[]): readonly string[] {
  const script = new PromptScript('zookeeper');
  const said: string[] = [];
  script.session.notices.listen((notice) => void said.push(...notice.lines));
  return lines.flatMap((line) => {
    const answer = script.reply(line).lines;
    return [`> ${line}`, ...said.splice(0), ...answer];
  });
}

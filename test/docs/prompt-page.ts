/** `docs/prompt.md`: what the prompt takes, from the tables of the code. */

import { TOOLS } from '../../src/tools/kafka/index.ts';
import { writtenOption } from '../../src/tools/kafka/tool.ts';
import { QUESTIONS } from '../../src/tools/questions/index.ts';
import { PromptScript } from '../tools/prompt-script.ts';
import { zkSection } from './zk-section.ts';

const SESSION = [
  'bin/kafka-topics.sh --bootstrap-server localhost:9092 --create --topic payments --partitions 2 --replication-factor 3',
  'kafka-topics --describe --topic payments',
  'kafka-topics --describe | grep payments | wc -l',
  'produce orders --partition 0 --value one',
  'kafka-consumer-groups --group billing --topic orders --reset-offsets --to-earliest --execute',
  'kafka-consumer-groups --describe --group billing',
  'kafka-topics --create --topic payments',
];

export function promptPage(): string {
  const script = new PromptScript('kraft');
  const lines = [
    '# The prompt',
    '',
    'The same lines are taken at the prompt of `kzsim up` and `kzsim repl`, by `kzsim ctl`, from a pipe, and by the library’s `run`. The verbs',
    '(`kill leader(orders-0)`) are in [scenario-reference.md](scenario-reference.md). Tab completes everything that has a name.',
    '',
    'Made from the tables of the code by `test/docs/reference.test.ts`; `npx vitest run test/docs -u` makes it anew.',
    '',
    '## Typing, pasting, scripts',
    '',
    '- Up, Down and Ctrl-R walk a history that outlives the session (`KZSIM_HISTORY`); the grey rest of the newest line that begins so is taken with Right or End; under the line stands how it goes on.',
    '- A typed line runs beside one that still waits; a pasted block runs line by line. Ctrl-C empties a line, then leaves the lines of a tool, then gives up the line that began last (`cancel`), and never ends the session.',
    '- What `watch` watches is told when it changes, above the line; a value that changes often once a second. Going in time takes what is watched along.',
    '- `kafka-console-producer` reads lines until Ctrl-D. In a script lines are fed to it with `echo … |`, or behind `<<EOF` up to a line with `EOF` alone (`<<-EOF`: without the tabs before them).',
    '- From a pipe, `kzsim repl < file` and `kzsim ctl < file` stop at the first line that fails, with exit 1 (`--keep-going`: go on). Under `--json`, or `-o json`, each reply is an object `{ line, text, ok, atMs, lines, resolved }`, with `data` and `causes` where there are any; what is told unasked is `{ atMs, notice }`.',
    '- `snapshot NAME` gives a moment a name for `time goto NAME`; `save FILE` writes the branch as a scenario ([time.md](time.md)).',
    '',
    '## Questions',
    '',
    '| line | answers |',
    '| --- | --- |',
    ...QUESTIONS.map(({ usage, about }) => `| \`${usage}\` | ${about} |`),
    '',
    'Behind any line can stand `| grep [-viEFc] PATTERN`, `| head -5`, `| tail -5`, `| wc -l` and `| json` (of a tool’s table a list of objects, by the names of its columns; otherwise a list with the lines, a line that is JSON as what it says); `-o json` at its end is the same as the last.',
    '',
    '## Kafka’s tools',
    '',
    'As people paste them: with or without `bin/` and `.sh`; `--bootstrap-server`, `--zookeeper` and `--command-config` are taken and mean nothing; `--topic x`,',
    '`--topic=x`, and any beginning of an option that fits no other. They ask brokers from the operator’s node, as the real tools do from their process: a broker',
    'that does not answer lets them wait, in virtual time. Columns and messages are those of Kafka 4.2’s tools. What they log beside their output is left out.',
    'A file (`--reassignment-json-file plan.json`) is read by the process at whose prompt the line stands, `kzsim ctl` for one, from its folder, before the line reaches the cluster: a recording and a saved scenario hold what was in it.',
    'The content itself can stand behind the option, too. Beside brokers of 3.9 (`--kafka-version`, ZooKeeper mode) the tools print as those of 3.9 do.',
    'A tool that fails fails its line: a script stops there, and `kzsim ctl` exits with 1.',
    '',
    '```',
    ...SESSION.flatMap((line) => [`> ${line}`, ...script.reply(line).lines]),
    '```',
  ];
  for (const { name, summary, differs, options, examples } of TOOLS)
    lines.push(
      '',
      `### ${name}`,
      '',
      `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.${differs === undefined ? '' : ` ${differs}`}`,
      ...(options.length > 0 ? ['', '| option | |', '| --- | --- |'] : []),
      ...options.map((option) => `| \`${writtenOption(option)}\` | ${option.about} |`),
      '',
      '```',
      ...examples,
      '```',
    );
  lines.push('', ...zkSection());
  return `${lines.join('\n')}\n`;
}

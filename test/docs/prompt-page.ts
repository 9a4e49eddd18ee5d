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
    '(`kill leader(orders-0)`) are in [scenario-reference.md](scenario-reference.md). Tab completes names, options, topics and groups.',
    '',
    'Made from the tables of the code by `test/docs/reference.test.ts`; `npx vitest run test/docs -u` makes it anew.',
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

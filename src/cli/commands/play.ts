import { Option } from 'commander';
import { mode } from '../cluster-options.ts';
import type { CliCommand } from '../command.ts';
import { seedList, speed, wholeNumber } from '../parse.ts';

export const play: CliCommand = {
  name: 'play',
  summary: 'play scenarios: once in each of their modes',
  examples: [
    ['kzsim play scenarios/leader-crash.yaml', 'in both modes, one after the other'],
    ['kzsim play scenarios --json', 'all of a folder, with one report as JSON'],
    ['kzsim play FILE --mode kraft --seeds 1-500 --workers 2', 'many seeds, in two processes'],
  ],
  declare(command) {
    command
      .argument('<file...>', 'scenario files, or folders of them')
      .addOption(
        new Option('--mode <mode>', 'kraft or zookeeper (zk): only this one of the modes of a file').argParser(mode),
      )
      .addOption(new Option('--seed <n>', "instead of the file's own seed").argParser(wholeNumber(0)))
      .addOption(
        new Option('--seeds <list>', 'one run for each: 1-500, or 1,5,9').argParser(seedList).conflicts('seed'),
      )
      .addOption(
        new Option(
          '--speed <n>',
          'virtual over real time: 10x, 0.5x or max (max without a terminal, 1x with)',
        ).argParser(speed),
      )
      .addOption(new Option('--trace <file>', 'write every event there, one JSON object a line'))
      .addOption(new Option('--ledger', 'list each record that was not delivered once and in order'))
      .addOption(new Option('--bail', 'stop at the first run that does not pass'))
      .addOption(new Option('--grep <text>', 'only scenarios whose file, name or tags hold this text'))
      .addOption(new Option('--workers <n>', 'processes that share many runs').argParser(wholeNumber(1, 64)))
      .addOption(new Option('--check-determinism', 'run each twice, and name the first event that differs'));
  },
  async run({ args, options }) {
    const { runPlay } = await import('../play/run-play.ts');
    return runPlay(args, options);
  },
};

import { Option } from 'commander';
import { declareClusterOptions } from '../cluster-options.ts';
import type { CliCommand } from '../command.ts';
import { speed } from '../parse.ts';

export const repl: CliCommand = {
  name: 'repl',
  summary: 'a cluster and its prompt; from a pipe, a script',
  examples: [
    ['kzsim repl --topic orders:3', 'type `help`, `status`, `kill leader(orders-0)`'],
    ['echo "kill 1\nexpect cluster.brokers.size == 2 within 20s" | kzsim repl', 'ends with exit 1 where a line fails'],
  ].map(([line, does]) => [line!.replace('\n', '\\n'), does!] as const),
  declare(command) {
    declareClusterOptions(command);
    command
      .addOption(new Option('--speed <n>', 'on a terminal, virtual over real time').argParser(speed).default(1, '1x'))
      .addOption(new Option('--keep-going', 'of a script: go on after a line that failed'));
  },
  async run({ options }) {
    const { runRepl } = await import('../repl/run-repl.ts');
    return runRepl(options);
  },
};

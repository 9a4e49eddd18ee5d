import { Option } from 'commander';
import type { CliCommand } from '../command.ts';

export const replay: CliCommand = {
  name: 'replay',
  summary: 'run a recording of up again, without its clients, and compare',
  examples: [
    ['kzsim replay session.journal', 'is it the same run? exit 1 if not'],
    ['kzsim replay session.journal --trace events.ndjson', 'every event of it, as lines of JSON'],
  ],
  declare(command) {
    command
      .argument('<file>', 'what kzsim up --record FILE wrote')
      .addOption(new Option('--trace <file>', 'write every event there, one JSON object a line'));
  },
  async run({ args, options }) {
    const { runReplay } = await import('../up/run-replay.ts');
    return runReplay(args[0]!, options);
  },
};

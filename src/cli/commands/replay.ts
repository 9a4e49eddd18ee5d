import { Option } from 'commander';
import type { CliCommand } from '../command.ts';
import { speed } from '../parse.ts';

export const replay: CliCommand = {
  name: 'replay',
  summary: 'run a recording of up again, without its clients, and compare',
  examples: [
    ['kzsim replay session.journal', 'is it the same run? exit 1 if not'],
    ['kzsim replay session.journal --prompt', 'stands at its beginning: time step, time goto 12.5s, status, why …'],
    ['kzsim replay session.journal --trace events.ndjson', 'every event of it, as lines of JSON'],
  ],
  declare(command) {
    command
      .argument('<file>', 'what kzsim up --record FILE wrote')
      .addOption(new Option('--trace <file>', 'write every event there, one JSON object a line'))
      .addOption(
        new Option('--prompt', 'go along it at the prompt, forwards and backwards; from a pipe, a script').conflicts(
          'trace',
        ),
      )
      .addOption(
        new Option('--speed <n>', 'at the prompt of a terminal, virtual over real time')
          .argParser(speed)
          .default(1, '1x'),
      )
      .addOption(new Option('--keep-going', 'of a script: go on after a line that failed'));
  },
  async run({ args, options }) {
    if (options.prompt === true) {
      const { runReplayPrompt } = await import('../up/run-replay.ts');
      return runReplayPrompt(args[0]!, options);
    }
    const { runReplay } = await import('../up/run-replay.ts');
    return runReplay(args[0]!, options);
  },
};

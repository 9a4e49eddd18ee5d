import process from 'node:process';
import { Option } from 'commander';
import type { CliCommand } from '../command.ts';
import { nameOption } from '../control/name-option.ts';
import { UsageError } from '../errors.ts';

export const ctl: CliCommand = {
  name: 'ctl',
  summary: 'send a line to the prompt of a running `kzsim up`',
  examples: [
    ['kzsim ctl kill leader(orders-0) --as dead', 'break it from a script; exit 1 where the line fails'],
    ['kzsim ctl "expect orders-0.isr.size == 3 within 30s"', 'waits until it is true'],
    ['kzsim ctl --name staging status', 'where several run'],
    ['kzsim ctl < drill.txt', 'a line after the other; ends with exit 1 at the first that fails'],
  ].map(([line, does]) => [line!.replace('leader(orders-0)', "'leader(orders-0)'"), does!] as const),
  declare(command) {
    command
      .argument('[command...]', 'what one would type at its prompt; without it, the lines that are piped in')
      .addOption(nameOption('which cluster, where several run'))
      .addOption(new Option('--keep-going', 'of lines that are piped in: go on after one that failed'))
      // Options of the line are the line's.
      .passThroughOptions()
      .allowUnknownOption();
  },
  async run({ args, options }) {
    if (args.length === 0) {
      const { runPiped } = await import('../control/run-lines.ts');
      return runPiped(options);
    }
    const { sized } = await import('../terminal/sized.ts');
    const { promptLine } = await import('../control/run-control.ts');
    const { runLine } = await import('../control/run-lines.ts');
    const { ToolFileError, withFiles } = await import('../../gateway/tool-files.ts');
    try {
      // Files are those of whoever asks, not of the cluster's process.
      const line = withFiles(sized(promptLine(args), process.stdout.columns, process.env), process.cwd());
      return await runLine(line, options);
    } catch (thrown) {
      if (!(thrown instanceof ToolFileError)) throw thrown;
      throw new UsageError(thrown.message);
    }
  },
};

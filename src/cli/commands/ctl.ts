import process from 'node:process';
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
  ].map(([line, does]) => [line!.replace('leader(orders-0)', "'leader(orders-0)'"), does!] as const),
  declare(command) {
    command
      .argument('<command...>', 'what one would type at its prompt')
      .addOption(nameOption('which cluster, where several run'))
      // Options of the line are the line's.
      .passThroughOptions()
      .allowUnknownOption();
  },
  async run({ args, options }) {
    const { sized } = await import('../terminal/sized.ts');
    const { promptLine, runControl } = await import('../control/run-control.ts');
    const { ToolFileError, withFiles } = await import('../../gateway/tool-files.ts');
    try {
      // Files are those of whoever asks, not of the cluster's process.
      const line = withFiles(sized(promptLine(args), process.stdout.columns, process.env), process.cwd());
      return await runControl({ do: 'run', line }, options);
    } catch (thrown) {
      if (!(thrown instanceof ToolFileError)) throw thrown;
      throw new UsageError(thrown.message);
    }
  },
};

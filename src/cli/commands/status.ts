import type { CliCommand } from '../command.ts';
import { nameOption } from '../control/name-option.ts';

export const status: CliCommand = {
  name: 'status',
  summary: 'the health of a running `kzsim up`; exit 0 when healthy',
  examples: [['kzsim status', 'its nodes, its partitions, and what is wrong']],
  declare(command) {
    command.addOption(nameOption('which cluster, where several run'));
  },
  async run({ options }) {
    const { runControl } = await import('../control/run-control.ts');
    return runControl({ do: 'status' }, options);
  },
};

import type { CliCommand } from '../command.ts';
import { nameOption } from '../control/name-option.ts';

export const down: CliCommand = {
  name: 'down',
  summary: 'end a running `kzsim up`; exit 1 if an invariant was violated meanwhile',
  examples: [
    ['kzsim down', 'the only one that runs'],
    ['kzsim down --name staging', 'where several run'],
  ],
  declare(command) {
    command.addOption(nameOption('which cluster, where several run'));
  },
  async run({ options }) {
    const { runControl } = await import('../control/run-control.ts');
    return runControl({ do: 'down' }, options);
  },
};

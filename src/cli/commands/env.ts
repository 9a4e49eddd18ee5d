import type { CliCommand } from '../command.ts';
import { nameOption } from '../control/name-option.ts';

export const env: CliCommand = {
  name: 'env',
  summary: 'addresses of a running `kzsim up`, for a shell',
  examples: [
    ['eval "$(kzsim env)"', 'sets KAFKA_BOOTSTRAP_SERVERS'],
    ['kzsim env >> "$GITHUB_ENV"', 'for the later steps of a CI job'],
  ],
  declare(command) {
    command.addOption(nameOption('which cluster, where several run'));
  },
  async run({ options }) {
    const { runControl } = await import('../control/run-control.ts');
    return runControl({ do: 'env' }, options);
  },
};

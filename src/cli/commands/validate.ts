import type { CliCommand } from '../command.ts';

export const validate: CliCommand = {
  name: 'validate',
  summary: 'check scenarios without running them; every mistake at once',
  examples: [
    ['kzsim validate scenarios', 'every file of a folder'],
    ['kzsim validate my.yaml --json', 'mistakes as JSON, for editors'],
  ],
  declare(command) {
    command.argument('<file...>', 'scenario files, folders or globs');
  },
  async run({ args, options }) {
    const { runValidate } = await import('../play/run-validate.ts');
    return runValidate(args, options);
  },
};

import type { CliCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const validate: CliCommand = {
  name: 'validate',
  summary: 'check scenarios without running them',
  examples: [
    ['kzsim validate scenarios', 'every file of a folder'],
    ['kzsim validate my.yaml --json', 'mistakes as JSON, for editors'],
  ],
  declare(command) {
    command.argument('<file...>', 'scenario files, or folders of them');
  },
  async run({ args, options }) {
    const [{ findFiles }, { diagnosticLines, readPlans }, { openOutput }] = await Promise.all([
      import('../play/find-files.ts'),
      import('../play/read-plans.ts'),
      import('../terminal/output.ts'),
    ]);
    const output = openOutput(options);
    const files = findFiles(args);
    const { diagnostics } = readPlans(files);
    if (options.json === true) output.line(JSON.stringify(diagnostics, null, 2));
    else if (diagnostics.length > 0) for (const line of diagnosticLines(diagnostics)) output.error(line);
    else output.line(files.length === 1 ? `${files[0]} is valid` : `${files.length} scenarios are valid`);
    return diagnostics.length > 0 ? EXIT.invalid : EXIT.passed;
  },
};

import type { CliCommand } from '../command.ts';

export const scenarios: CliCommand = {
  name: 'scenarios',
  summary: 'list the scenarios that come with kzsim, by topic',
  examples: [
    ['kzsim scenarios', 'all of them, by tag'],
    ['kzsim scenarios --json', 'name, file, tags, modes and what each shows'],
  ],
  declare() {},
  async run({ options }) {
    const { runScenarios } = await import('../play/run-scenarios.ts');
    return runScenarios(options);
  },
};

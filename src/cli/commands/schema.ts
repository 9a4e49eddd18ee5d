import type { CliCommand } from '../command.ts';

export const schema: CliCommand = {
  name: 'schema',
  summary: 'print the JSON Schema of a scenario file, for editors',
  examples: [
    ['kzsim schema > scenario.schema.json', 'then `# yaml-language-server: $schema=…` at the head of a scenario'],
  ],
  declare() {},
  async run() {
    const { runSchema } = await import('../play/run-schema.ts');
    return runSchema();
  },
};

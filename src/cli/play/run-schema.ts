import process from 'node:process';
import { scenarioJsonSchema } from '../../scenario/json-schema.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

export function runSchema(): ExitCode {
  process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  return EXIT.passed;
}

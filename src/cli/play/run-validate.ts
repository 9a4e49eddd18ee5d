import { formatDiagnostic } from '../../scenario/diagnostics.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openOutput } from '../terminal/output.ts';
import { readFiles } from './files.ts';
import { readPlans } from './plans.ts';

export function runValidate(names: readonly string[], options: Readonly<Record<string, unknown>>): ExitCode {
  const output = openOutput(options);
  const { plans, diagnostics } = readPlans(readFiles(names));
  if (options.json === true) output.line(JSON.stringify(diagnostics, null, 2));
  else {
    for (const diagnostic of diagnostics) output.error(formatDiagnostic(diagnostic));
    for (const plan of plans) if (!output.quiet) output.line(`${plan.file}: valid (${plan.modes.join(', ')})`);
  }
  return diagnostics.length > 0 ? EXIT.invalid : EXIT.passed;
}

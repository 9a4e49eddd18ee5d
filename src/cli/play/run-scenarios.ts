import { relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../scenario/plan.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openOutput } from '../terminal/output.ts';
import { readFiles } from './files.ts';
import { readPlans } from './plans.ts';

/** The folder beside the bundle, or two floors above the sources. */
function bundled(): string {
  const here = fileURLToPath(import.meta.url);
  const root = here.includes('/src/cli/') ? '../../../scenarios' : '../scenarios';
  return fileURLToPath(new URL(root, import.meta.url));
}

/** Each scenario under the first of its tags, so that none stands twice. */
export function runScenarios(options: Readonly<Record<string, unknown>>): ExitCode {
  const output = openOutput(options);
  const { plans, diagnostics } = readPlans(readFiles([bundled()]));
  const file = (plan: Plan): string => relative(process.cwd(), plan.file) || plan.file;
  if (options.json === true) {
    const list = plans.map((plan) => ({
      name: plan.name,
      file: file(plan),
      tags: plan.tags,
      modes: plan.modes,
      about: plan.about.trim(),
    }));
    output.line(JSON.stringify(list, null, 2));
    return EXIT.passed;
  }
  const byTag = new Map<string, Plan[]>();
  for (const plan of plans) {
    const tag = plan.tags[0] ?? 'other';
    byTag.set(tag, [...(byTag.get(tag) ?? []), plan]);
  }
  for (const [tag, of] of [...byTag].sort(([a], [b]) => (a < b ? -1 : 1))) {
    output.line(output.paints.bold(tag));
    for (const plan of of) {
      output.line(`  ${file(plan)}`);
      output.line(`      ${plan.name} (${plan.modes.join(', ')})`);
    }
  }
  for (const { file: bad } of diagnostics) output.note(`${bad} is not valid: kzsim validate ${bad}`);
  return EXIT.passed;
}

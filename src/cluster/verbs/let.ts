import { z } from 'zod';
import { formatValue } from '../expression/value.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.object({}).catchall(argument.value());

/** The value as the text of an expression: a list of YAML is written `[1, 2]`. */
export function valueText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(String).join(', ')}]` : String(value);
}

export const letVerb: Verb<typeof args> = {
  name: 'let',
  family: 'control',
  summary: 'gives a name to the present value of an expression, for $name later',
  examples: [{ yaml: 'let: { before: orders-0.leo }', prompt: 'let before = orders-0.leo' }],
  subject: null,
  args,
  fault: false,
  apply(run, values) {
    const output: string[] = [];
    for (const [name, value] of Object.entries(values)) {
      const now = run.evaluate(valueText(value));
      run.bind(name, now);
      output.push(`$${name} = ${formatValue(now, 'any')}`);
    }
    run.done({ resolved: [], output });
  },
};

/** Pages of `docs/` that come from the tables of the code. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { INVARIANTS } from '../../src/checker/invariants/index.ts';
import { OBSERVABLES } from '../../src/cluster/observables/index.ts';
import { SELECTORS } from '../../src/cluster/selectors.ts';
import { VERBS } from '../../src/cluster/verbs/index.ts';
import type { EventKind } from '../../src/kernel/api.ts';

export function scenarioReference(): string {
  const lines = [
    '# Reference of the scenario language',
    '',
    'Made from the tables of the code by `test/docs/reference.test.ts`; `npx vitest run test/docs -u` makes it anew.',
  ];
  lines.push('', '## Verbs');
  for (const verb of VERBS) {
    lines.push(
      '',
      `### ${verb.name}`,
      '',
      `${verb.family}${verb.modes ? `, ${verb.modes.join(' and ')} mode` : ''}: ${verb.summary}.`,
    );
    if (verb.details) lines.push('', verb.details);
    for (const { yaml, prompt } of verb.examples)
      lines.push(
        '',
        '```yaml',
        `- ${yaml.replaceAll('\n', '\n  ').replaceAll('    ', '  ')}`,
        '```',
        '',
        `At the prompt: \`${prompt}\``,
      );
  }
  lines.push('', '## Selectors', '', '| written | means |', '| --- | --- |');
  for (const { name, args, required, about } of SELECTORS) {
    const shown = args.map((arg, index) => (index < required ? arg : `[${arg}]`)).join(', ');
    lines.push(`| \`${name}${args.length > 0 ? `(${shown})` : ''}\` | ${about} |`);
  }
  lines.push('', '## Observables');
  for (const [subject, table] of Object.entries(OBSERVABLES)) {
    lines.push('', `### of a ${subject}`, '', '| name | type | what |', '| --- | --- | --- |');
    for (const { name, type, about, args, atReplica } of table)
      lines.push(`| \`.${name}${args ? '(…)' : ''}\`${atReplica ? ' (also `@N`)' : ''} | ${type} | ${about} |`);
  }
  lines.push('', '## What must always hold', '', '| invariant | what holds |', '| --- | --- |');
  for (const { name, about } of INVARIANTS) lines.push(`| ${name} | ${about} |`);
  return `${lines.join('\n')}\n`;
}

/** Every table of events in `src/`, by the file that declares it. */
export async function eventTables(): Promise<ReadonlyMap<string, readonly EventKind[]>> {
  const tables = new Map<string, readonly EventKind[]>();
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).sort();
  for (const file of [...files.filter((name) => name.endsWith('events.ts')), 'coordinator/index.ts'].sort()) {
    const module = (await import(join(process.cwd(), 'src', file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module))
      if (name.endsWith('Events')) tables.set(`${file} ${name}`, Object.values(value as Record<string, EventKind>));
  }
  return tables;
}

export async function traceFormat(): Promise<string> {
  const lines = [
    '# The trace',
    '',
    'An event has an id (from 1), a virtual time, the node on which it happened, a kind, the id of its cause (0: none), and fields. Level `message` is each request',
    'and response, `detail` each append and each watermark, `notable` what a person wants to read. All of them enter the hash. `kzsim play --trace FILE` writes them all.',
    '',
    'Made from the tables of the code by `test/docs/reference.test.ts`; `npx vitest run test/docs -u` makes it anew.',
  ];
  for (const [table, kinds] of await eventTables()) {
    lines.push(
      '',
      `## ${table.split(' ')[0]}`,
      '',
      '| kind | level | fields | what happened |',
      '| --- | --- | --- | --- |',
    );
    for (const { name, level, fields, about } of kinds)
      lines.push(`| \`${name}\` | ${level} | ${fields.join(', ')} | ${about} |`);
  }
  return `${lines.join('\n')}\n`;
}

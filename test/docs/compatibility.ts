/** `docs/compatibility.md`: which clients do what, from the results of `npm run test:peers`, and what clients' own suites count. */
import { readFileSync } from 'node:fs';
import { FLOW } from '../clients/flow.ts';
import { type Outcome, type Results, readResults } from '../peers/results-reporter.ts';

/** How a client's own suite went against one cluster. */
interface SuiteRun {
  readonly against: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Difference {
  readonly tests: string;
  /** In words: `passes`, `fails`. */
  readonly kafka: string;
  readonly kzsim: string;
  readonly why: string;
}

interface Suite {
  readonly name: string;
  readonly what: string;
  readonly runs: readonly SuiteRun[];
  readonly differences: readonly Difference[];
}

const SUITES_FILE = 'test/peers/suites.json';

function suites(): readonly Suite[] {
  return JSON.parse(readFileSync(SUITES_FILE, 'utf8')) as readonly Suite[];
}

const MODES = ['kraft', 'zookeeper'];

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** `yes` where both modes agree; else what each of them says. */
function cell(outcomes: readonly (Outcome | undefined)[]): string {
  const words = outcomes.map((outcome) => {
    if (outcome === undefined) return 'not offered';
    return outcome === 'works' ? 'yes' : outcome.replace('has none: ', '– ');
  });
  return words.every((word) => word === words[0])
    ? words[0]!
    : words.map((word, i) => `${MODES[i]}: ${word}`).join(', ');
}

function clientRows(results: Results, steps: readonly string[], isTool: boolean): readonly (readonly string[])[] {
  return Object.entries(results)
    .filter(([client]) => client.startsWith('Kafka tools') === isTool)
    .map(([client, modes]) => [client, ...steps.map((step) => cell(MODES.map((mode) => modes[mode]?.[step])))]);
}

function toolSteps(results: Results): readonly string[] {
  const tools = Object.entries(results).filter(([client]) => client.startsWith('Kafka tools'));
  return [...new Set(tools.flatMap(([, modes]) => Object.values(modes).flatMap((steps) => Object.keys(steps))))];
}

function suiteSection({ name, what, runs, differences }: Suite): readonly string[] {
  const counts = runs.map(({ against, passed, failed, skipped }) => [against, passed, failed, skipped].map(String));
  const rows = differences.map(({ tests, kafka, kzsim, why }) => [tests, kafka, kzsim, why]);
  return [
    `### ${name}`,
    '',
    what,
    '',
    ...table(['against', 'passed', 'failed', 'skipped'], counts),
    '',
    ...(rows.length === 0 ? ['No difference.'] : table(['tests', 'Apache Kafka', 'kzsim', 'why'], rows)),
    '',
  ];
}

export function compatibilityPage(): string {
  const results = readResults();
  const steps = FLOW.map(({ name }) => name);
  const tools = toolSteps(results);
  return `${[
    '# Compatibility',
    '',
    'Made from what the tests found by `test/docs/compatibility.test.ts` (`npx vitest run test/docs -u` makes it anew). `npm run test:peers` installs',
    'every client below in a folder of its own, lets it go through one flow (`test/clients/flow.ts`) in KRaft and in ZooKeeper mode, and notes what',
    'worked in `test/peers/results.json`. Which versions of which APIs are offered: [apis.md](apis.md).',
    '',
    '## Clients',
    '',
    'Under load means: an idempotent producer and a group of three at work while the broker is killed and started again. Nothing that was acknowledged',
    'may be lost, nothing may be there twice or out of order, and the group must have read all of it.',
    '',
    ...table(['client', ...steps], clientRows(results, steps, false)),
    '',
    "## Kafka's command-line tools",
    '',
    ...table(['tools', ...tools], clientRows(results, tools, true)),
    '',
    "## Clients' own test suites",
    '',
    'Run by hand from a checkout of the client, against `kzsim up` and against Apache Kafka on the same machine.',
    '',
    ...suites().flatMap(suiteSection),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

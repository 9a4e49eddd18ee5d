/** The bundle as a child process: help texts, exit codes, files that are not valid, JSON. `npm test` builds it first. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { kzsim } from './run-kzsim.ts';

const LEADER_CRASH = 'scenarios/leader-crash.yaml';
let folder: string;

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kzsim-test-'));
});

describe('help', () => {
  test('kzsim --help', () => {
    const { code, out, err } = kzsim(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchSnapshot();
  });
  test.each(COMMANDS.map(({ name }) => name))('kzsim %s --help', (name) => {
    const { code, out } = kzsim([name, '--help']);
    expect(code).toBe(0);
    expect(out).toMatchSnapshot();
  });
  test('loads neither Ink nor zod nor yaml', () => {
    const entry = readFileSync('dist/kzsim.js', 'utf8');
    const chunks = [...entry.matchAll(/^import .*?"(\.\/chunk-[^"]+)"/gm)].map(([, chunk]) =>
      readFileSync(join('dist', chunk!), 'utf8'),
    );
    for (const text of [entry, ...chunks])
      for (const heavy of ['node_modules/ink/', 'node_modules/zod/', 'node_modules/yaml/'])
        expect(text.includes(heavy)).toBe(false);
  });
});

describe('exit codes and what is said', () => {
  const good = 'version: 1\nname: x\nsteps:\n  - wait: 1s\n';
  const cases: readonly (readonly [string, () => readonly string[], number, RegExp])[] = [
    ['an unknown command', () => ['plaay'], 2, /unknown command 'plaay'\n.*Did you mean play/],
    ['an unknown option', () => ['up', '--brokrs', '3'], 2, /unknown option '--brokrs'\n.*--brokers/],
    ['an option out of range', () => ['up', '--brokers', '0'], 2, /whole number from 1 to 100/],
    [
      'a misspelt setting',
      () => ['up', '--for', '1s', '--config', 'replica.lag.time.max=1'],
      2,
      /did you mean replica\.lag\.time\.max\.ms/,
    ],
    [
      'too few brokers for a topic',
      () => ['up', '--for', '1s', '--brokers', '1', '--topic', 'a:1:3'],
      2,
      /needs as many brokers/,
    ],
    ['a missing file', () => ['play', join(folder, 'none.yaml')], 2, /none\.yaml: there is no such file/],
    ['no file', () => ['play'], 2, /missing required argument/],
    [
      'a misspelt key',
      () => ['play', file('key.yaml', `${good}stepz: []\n`)],
      2,
      /key\.yaml:5:1 unknown key "stepz" - did you mean "steps"\?/,
    ],
    [
      'an unknown verb',
      () => ['validate', file('verb.yaml', 'version: 1\nname: x\nsteps:\n  - kil: 1\n')],
      2,
      /verb\.yaml:4:5 .*kil/,
    ],
    ['an empty file', () => ['validate', file('empty.yaml', '')], 2, /empty\.yaml/],
    ['broken YAML', () => ['validate', file('broken.yaml', 'a: [1\nb: 2\n')], 2, /broken\.yaml:2/],
    ['binary junk', () => ['validate', file('junk.yaml', new Uint8Array([0, 1, 2, 255, 0]))], 2, /no text/],
    ['more than 1 MiB', () => ['validate', file('large.yaml', `# ${'x'.repeat(1 << 20)}\n`)], 2, /at most 1 MiB/],
    ['a folder without scenarios', () => ['validate', emptyFolder()], 2, /no scenarios/],
    ['a seed list that is none', () => ['play', LEADER_CRASH, '--seeds', '5-1'], 2, /Seeds are written/],
    [
      'a trace of many runs',
      () => ['play', LEADER_CRASH, '--seeds', '1-2', '--trace', '/dev/null'],
      2,
      /--trace writes the events of one run/,
    ],
    [
      'a trace that cannot be written',
      () => ['play', LEADER_CRASH, '--mode', 'kraft', '--trace', '/none/x'],
      3,
      /cannot be written \(ENOENT\)/,
    ],
    ['a grep without matches', () => ['play', LEADER_CRASH, '--grep', 'zzz'], 2, /no scenario has this/],
  ];
  test.each(cases)('%s', (_, args, code, said) => {
    const ended = kzsim(args());
    expect(ended.err).toMatch(said);
    expect(ended.err).not.toMatch(/^\s+at /m);
    expect(ended.code).toBe(code);
  });
  test('an expectation that fails: 1, with the way to see it again', () => {
    const path = file(
      'fails.yaml',
      'version: 1\nname: x\nmodes: [kraft]\nsteps:\n  - expect: cluster.brokers.size == 7 within 1s\n',
    );
    const { code, out } = kzsim(['play', path, '-q']);
    expect(code).toBe(1);
    expect(out).toContain(`fails.yaml:5 expect cluster.brokers.size == 7 within 1s`);
    expect(out).toContain(`kzsim play ${path} --mode kraft --seed 42`);
  });
  const producing = (config: string, steps: string) => `version: 1
name: x
modes: [kraft]
topics: { orders: { partitions: 1 } }
clients: { web: { produce: orders, rate: 20/s, config: { acks: all${config} } } }
steps:
${steps}  - wait: 2s
`;
  test.each([
    [
      'a rule that nothing meets',
      producing('', '  - inject: { api: DeleteTopics, error: NOT_CONTROLLER, count: 1 }\n'),
      /line 7: inject DeleteTopics .* had no effect: it met nothing/,
    ],
    [
      'a fault of what is broken so already',
      producing('', '  - pause: broker-1\n  - pause: broker-1\n'),
      /line 8: pause broker-1 had no effect: /,
    ],
    [
      'a producer that gets no acknowledgement',
      producing(', max.block.ms: 500', '  - isolate: web\n'),
      /web had nothing acknowledged: the run shows nothing/,
    ],
    [
      'a target that nothing matches',
      producing('', '  - resume: broker-1\n    timeout: 1s\n'),
      /line 7: resume broker-1/,
    ],
  ])('inconclusive, 4: %s', (_, text, because) => {
    const { code, out } = kzsim(['play', file('vain.yaml', text), '-q']);
    expect(out).toMatch(because);
    expect(code).toBe(4);
  });
});

function emptyFolder(): string {
  const path = join(folder, 'empty');
  mkdirSync(path, { recursive: true });
  return path;
}

describe('what is printed', () => {
  test('play --json is one report and nothing else; the same seed gives the same hash', () => {
    const run = () => JSON.parse(kzsim(['play', LEADER_CRASH, '--mode', 'kraft', '--seed', '7', '--json']).out);
    const first = run();
    expect(first).toMatchObject({
      schema: 1,
      file: LEADER_CRASH,
      mode: 'kraft',
      seed: 7,
      result: 'passed',
      reason: null,
    });
    expect(first.traceHash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(run().traceHash).toBe(first.traceHash);
  });
  test('many seeds in two processes: an array in the order planned', () => {
    const { code, out } = kzsim([
      'play',
      LEADER_CRASH,
      '--mode',
      'kraft',
      '--seeds',
      '1-3',
      '--workers',
      '2',
      '--json',
    ]);
    const seeds = (JSON.parse(out) as { seed: number }[]).map(({ seed }) => seed);
    expect({ code, seeds }).toEqual({ code: 0, seeds: [1, 2, 3] });
  });
  test('--trace writes every event of the run', () => {
    const path = join(folder, 'trace.ndjson');
    const report = JSON.parse(kzsim(['play', LEADER_CRASH, '--mode', 'kraft', '--json', '--trace', path]).out);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(report.events);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ id: report.events });
  });
  test('schema is JSON, and knows the keys and verbs of a scenario', () => {
    const { code, out } = kzsim(['schema']);
    expect(code).toBe(0);
    const text = JSON.stringify(JSON.parse(out));
    for (const word of ['"steps"', '"topics"', '"kill"', '"partition"']) expect(text).toContain(word);
  });
  test('up --for ends by itself, and prints no escapes into a pipe', () => {
    const { code, out, err } = kzsim(['up', '--no-listen', '--for', '1s', '--speed', 'max', '--topic', 'orders:2']);
    expect(code).toBe(0);
    expect(out).toContain('partition-changed');
    expect(out + err).not.toContain('\u001b');
    expect(err).toMatch(/^ready after .* 3 brokers, kraft mode, seed 1/m);
  });
});

describe('a script at the prompt', () => {
  const script = (lines: readonly string[], ...args: readonly string[]) =>
    kzsim(['repl', '--topic', 'orders:1', ...args], `${lines.join('\n')}\n`);
  test('breaks, waits and asks; time passes only where a line waits', () => {
    const { code, out } = script([
      'time',
      'kill leader(orders-0) --as dead # a comment',
      'expect orders-0.leader != $dead within 25s',
      'why orders-0',
      'exit',
      'never',
    ]);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('0.000s');
    expect(out).toContain('done: broker-1');
    expect(out).toContain('because broker-1 was killed (SIGKILL)');
    expect(out).toContain('broker.session.timeout.ms = 9000');
  });
  test('stops with 1 at the first line that fails', () => {
    const { code, out, err } = script(['kil 1', 'time']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('line 1: there is no verb "kil" - did you mean kill?');
  });
  test('goes on with --keep-going, and still says 1', () => {
    const { code, out } = script(['expect cluster.brokers.size == 9', 'time'], '--keep-going');
    expect({ code, out: out.trim() }).toEqual({ code: 1, out: '0.000s' });
  });
});

/** Each file of test/transcripts/prompt is a script at the prompt and its own snapshot; ` zookeeper` in its name says in which mode. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newTimeline, ScriptHost } from '../../src/cli/repl/script-host.ts';
import { type ClusterOptions, defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { VERBS } from '../../src/cluster/verbs/index.ts';
import { QUESTIONS } from '../../src/tools/questions/index.ts';
import { renderTranscript } from '../coordinator/kraft/raft/transcript.ts';

const folder = new URL('../transcripts/prompt/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

function optionsOf(mode: Mode): ClusterOptions {
  const orders = { name: 'orders', partitions: 3, replicationFactor: 3, assignment: undefined, config: {} };
  return { ...defaultClusterOptions(mode, 7), timers: 'fast', topics: [orders] };
}

/** What a line answers, with what is said unasked on the way; a line that failed ends with `exit 1`. */
function script(mode: Mode): (line: string) => readonly string[] {
  const host = new ScriptHost(newTimeline(optionsOf(mode)));
  let said: string[] = [];
  host.timeline.session.notices.listen(({ lines }) => void said.push(...lines));
  return (line) => {
    said = [];
    const { ok, lines } = host.finish(line.replaceAll(/ ?⏎/g, '\n'));
    return [...said, ...lines, ...(ok ? [] : ['exit 1'])].map((text) => (text === '' ? '\\' : text));
  };
}

test.each(files)('transcript %s', async (name) => {
  const file = new URL(encodeURIComponent(name), folder);
  const rendered = renderTranscript(
    readFileSync(file, 'utf8'),
    script(name.includes('zookeeper') ? 'zookeeper' : 'kraft'),
  );
  await expect(rendered).toMatchFileSnapshot(fileURLToPath(file));
});

describe('something of everything is in a transcript', () => {
  /** Commands by their first word. */
  const commands = new Map<string, string[]>();
  for (const name of files) {
    const text = readFileSync(new URL(encodeURIComponent(name), folder), 'utf8');
    for (const [, line] of text.matchAll(/^([^#\n].*)\n----$/gm)) {
      const [first = ''] = line!.split(/\s/, 1);
      commands.set(first, [...(commands.get(first) ?? []), line!]);
    }
  }
  const seen = (name: string, words: RegExp): boolean => commands.get(name)?.some((line) => words.test(line)) === true;

  test('every verb and question, and their help', () => {
    const names = [...VERBS, ...QUESTIONS].map(({ name }) => name);
    expect(names.filter((name) => !commands.has(name))).toEqual([]);
    expect(names.filter((name) => !commands.get('help')?.includes(`help ${name}`))).toEqual([]);
  });

  test('every option of a verb', () => {
    const missing = VERBS.flatMap(({ name, subject, args }) =>
      Object.keys(args.shape)
        .filter((option) => option !== subject && !seen(name, new RegExp(`--${option}\\b`)))
        .map((option) => `${name} --${option}`),
    );
    expect(missing).toEqual([]);
  });
});

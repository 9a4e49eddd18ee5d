/** Each file of test/transcripts/tools is a session at the prompt and its own snapshot; ` zookeeper` in its name says in which mode. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TOOLS } from '../../src/tools/kafka/index.ts';
import { renderTranscript } from '../coordinator/kraft/raft/transcript.ts';
import { PromptScript } from './prompt-script.ts';

const folder = new URL('../transcripts/tools/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test.each(files)('transcript %s', async (name) => {
  const file = new URL(encodeURIComponent(name), folder);
  const mode = name.includes('zookeeper') ? 'zookeeper' : 'kraft';
  const rendered = renderTranscript(readFileSync(file, 'utf8'), new PromptScript(mode).execute);
  await expect(rendered).toMatchFileSnapshot(fileURLToPath(file));
});

test('every tool has a transcript', () => {
  expect(TOOLS.map(({ name }) => name).filter((name) => !files.includes(`${name}.txt`))).toEqual([]);
});

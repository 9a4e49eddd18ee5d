/** Each file of test/transcripts/groups is a script and its own snapshot: a command, `----`, what was answered and told. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderTranscript } from '../coordinator/kraft/raft/transcript.ts';
import { GroupScript } from './group-script.ts';

const folder = new URL('../transcripts/groups/', import.meta.url);

test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('groups transcript %s', async (name) => {
  const file = new URL(name, folder);
  const rendered = renderTranscript(readFileSync(file, 'utf8'), new GroupScript().execute);
  await expect(rendered).toMatchFileSnapshot(file.pathname);
});

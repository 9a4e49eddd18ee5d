/** Each file of test/transcripts/groups and test/transcripts/consumer-groups is a script and its own snapshot: a command, `----`, what was answered and told. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderTranscript } from '../coordinator/kraft/raft/transcript.ts';
import { ConsumerScript } from './consumer-script.ts';
import { GroupScript } from './group-script.ts';

const folders = { groups: () => new GroupScript(), 'consumer-groups': () => new ConsumerScript() };

describe.each(['groups', 'consumer-groups'] as const)('%s', (kind) => {
  const folder = new URL(`../transcripts/${kind}/`, import.meta.url);

  test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('transcript %s', async (name) => {
    const file = new URL(name, folder);
    const rendered = renderTranscript(readFileSync(file, 'utf8'), folders[kind]().execute);
    await expect(rendered).toMatchFileSnapshot(file.pathname);
  });
});

/** Each file of test/transcripts/transactions is a script and its own snapshot: a command, `----`, what was answered and told. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderTranscript } from '../coordinator/kraft/raft/transcript.ts';
import { TransactionScript } from './transaction-script.ts';

const folder = new URL('../transcripts/transactions/', import.meta.url);

test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('transactions transcript %s', async (name) => {
  const file = new URL(name, folder);
  const rendered = renderTranscript(readFileSync(file, 'utf8'), new TransactionScript().execute);
  await expect(rendered).toMatchFileSnapshot(file.pathname);
});

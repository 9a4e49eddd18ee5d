/** What the transcripts of `zk` cannot show. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { WORDS } from '../../src/coordinator/zookeeper/ensemble/four-letter/index.ts';
import { javaDate } from '../../src/coordinator/zookeeper/ensemble/java-date.ts';
import { digestOf, sha1 } from '../../src/coordinator/zookeeper/ensemble/sha1.ts';
import { COMMANDS } from '../../src/tools/zk/index.ts';
import { wordsOf } from '../../src/tools/zk/operands.ts';

const folder = new URL('../transcripts/prompt/', import.meta.url);

test('every command and every four-letter word stands in a transcript', () => {
  const text = readdirSync(folder)
    .filter((name) => name.startsWith('zk'))
    .map((name) => readFileSync(new URL(encodeURIComponent(name), folder), 'utf8'))
    .join('\n');
  const missing = [...COMMANDS, ...WORDS].filter(({ name }) => !new RegExp(`^zk ${name}\\b`, 'm').test(text));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test('a line is taken apart as zkCli does it: quotes group, nothing is escaped, and JSON is one word', () => {
  expect(wordsOf('set  /a {"b":"c"}')).toEqual(['set', '/a', '{"b":"c"}']);
  expect(wordsOf(`create /a "b c" 'd "e"' "\\"`)).toEqual(['create', '/a', 'b c', 'd "e"', '\\']);
  expect(wordsOf('create "/unclosed x')).toEqual(['create', '/unclosed', 'x']);
  expect(wordsOf('')).toEqual([]);
});

test('dates are those of java.util.Date', () => {
  expect([0, 951_782_399_000, 951_868_800_000, 4_107_542_400_000, -1].map(javaDate)).toEqual([
    'Thu Jan 01 00:00:00 UTC 1970',
    'Mon Feb 28 23:59:59 UTC 2000',
    'Wed Mar 01 00:00:00 UTC 2000',
    'Mon Mar 01 00:00:00 UTC 2100',
    'Wed Dec 31 23:59:59 UTC 1969',
  ]);
});

test('SHA-1 and the digest of credentials are what the real ones are', () => {
  expect(digestOf('bob:secret')).toBe('bob:fyVmFCwVbTJYrznoSu1koqYEYF0=');
  expect(digestOf('super:test')).toBe('super:D/InIHSb7yEEbrWz8b9l71RjZJU=');
  expect(Buffer.from(sha1(new Uint8Array(200).fill(97))).toString('hex')).toBe(
    createHash('sha1').update('a'.repeat(200)).digest('hex'),
  );
});

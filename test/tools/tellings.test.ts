import { expect, test } from 'vitest';
import { NOTABLE_KINDS, TOLD_KINDS } from '../../src/tools/why/history.ts';
import { TELLINGS } from '../../src/tools/why/tellings/index.ts';

test('every notable kind is told in a sentence, and has a rule for what is behind it', () => {
  const forgotten = NOTABLE_KINDS.filter(({ name }) => TELLINGS[name] === undefined).map(({ name }) => name);
  expect(forgotten).toEqual([]);
});

test('what is told exists', () => {
  const known = new Set(TOLD_KINDS.map(({ name }) => name));
  expect(Object.keys(TELLINGS).filter((name) => !known.has(name))).toEqual([]);
});

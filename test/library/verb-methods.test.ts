import { expect, test } from 'vitest';
import { verbMethods } from './verb-methods.ts';

test('the library has a method for every verb, with the types of its arguments', async () => {
  await expect(verbMethods()).toMatchFileSnapshot('../../src/library/verb-methods.ts');
});

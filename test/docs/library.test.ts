import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withExample } from './library-page.ts';

test('docs/library.md shows the example as it is tested', async () => {
  const page = readFileSync('docs/library.md', 'utf8');
  await expect(withExample(page)).toMatchFileSnapshot('../../docs/library.md');
});

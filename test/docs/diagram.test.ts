import { expect, test } from 'vitest';
import { diagramPage, diagramPicture } from './diagram-page.ts';

test('docs/diagram.md shows what the prompt answers', async () => {
  await expect(diagramPage()).toMatchFileSnapshot('../../docs/diagram.md');
});

test('docs/diagram.svg is what events --svg writes', async () => {
  await expect(diagramPicture()).toMatchFileSnapshot('../../docs/diagram.svg');
});

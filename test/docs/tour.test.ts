import { expect, test } from 'vitest';
import { tourPage } from './tour-page.ts';

test('docs/tour.md shows the screens of the dashboard', async () => {
  await expect(tourPage()).toMatchFileSnapshot('../../docs/tour.md');
});

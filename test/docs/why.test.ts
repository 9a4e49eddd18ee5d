import { expect, test } from 'vitest';
import { Shop } from './shop.ts';
import { questionsPage, whyPage } from './why-page.ts';

test('docs/why.md shows what the prompt answers', async () => {
  await expect(whyPage()).toMatchFileSnapshot('../../docs/why.md');
});

test('docs/questions.md shows what the prompt answers', { timeout: 120_000 }, async () => {
  await expect(questionsPage()).toMatchFileSnapshot('../../docs/questions.md');
});

test('an event is asked by its number, a mistake names what was meant, and nothing is invented', () => {
  const shop = new Shop('kraft');
  shop.type('wait 5s');
  shop.type('kill leader(orders-0)');
  shop.type('wait 12s');
  const change = shop.type('why partition-changed').join('\n');
  expect(change).toContain('because you typed: kill leader(orders-0)');
  expect(shop.type('why #1').join('\n')).toMatch(/^#1 process-started\n.* was started\n.*the cluster was started/);
  expect(() => shop.type('why orders-0.leadr')).toThrow(/did you mean orders-0.leader/);
  expect(shop.type('why UNKNOWN_TOPIC_ID')).toEqual(['nobody has seen UNKNOWN_TOPIC_ID, as far as it is kept']);
  expect(shop.type('why nobody')).toEqual(['nothing that is kept happened to nobody']);
});

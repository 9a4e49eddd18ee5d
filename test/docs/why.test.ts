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

test('who asks nothing is told what changed; records, outcomes and commands of tools are asked for by name', () => {
  const shop = new Shop('kraft', { web: { 'enable.idempotence': false } });
  for (const line of ['wait 4s', 'inject Produce --disconnect --handled --count 1', 'wait 3s']) shop.type(line);
  expect(shop.type('why')).toContain('  why web.lastError');
  const [record] = shop.type('ledger duplicated');
  const name = /^(web#\d+) /.exec(record!)![1]!;
  expect(shop.type(`why ${name}`)).toEqual(shop.type('why duplicated'));
  expect(shop.type('why duplicated 7')).toEqual(['only 1 record ended duplicated']);
  expect(shop.type('why lost')).toEqual(['no record is known to be lost (that can be judged after `settle`)']);
  expect(() => shop.type('ledger lots')).toThrow(/did you mean lost\?/);
  expect(shop.type('why NOT_LEADER_OR_FOLOWER')[0]).toMatch(/did you mean NOT_LEADER_OR_FOLLOWER\?/);
  expect(shop.type('why contoller')[0]).toMatch(/did you mean controller\?/);
  expect(shop.type('why broker-1')[0]).toBe('broker-1.state is running, since the start');
  expect(shop.type('why orders')[0]).toMatch(/^orders.records is \d+$/);
  shop.type('kafka-topics --create --topic pay --partitions 1 --replication-factor 3');
  shop.type('kafka-topics --delete --topic pay');
  shop.type('wait 1s');
  expect(shop.type('why topic-deleted').at(-1)).toMatch(/because you typed: kafka-topics --delete --topic pay$/);
});

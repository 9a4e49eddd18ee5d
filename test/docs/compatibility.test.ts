import { expect, test } from 'vitest';
import { PEERS } from '../peers/peers.ts';
import { readResults } from '../peers/results-reporter.ts';
import { compatibilityPage } from './compatibility.ts';

test('docs/compatibility.md says what the results say', async () => {
  await expect(compatibilityPage()).toMatchFileSnapshot('../../docs/compatibility.md');
});

test('every client that is tested has results, and every result a client', () => {
  const clients = Object.keys(readResults()).filter((name) => !name.startsWith('Kafka tools'));
  const tested = [...PEERS.map(({ name }) => name), 'kafkajs 2.2.4', '@platformatic/kafka 1.35.0'];
  expect([...clients].sort()).toEqual([...tested].sort());
});

/** Rules about silences, on worlds in which one thing went wrong. */
import { expect, test } from 'vitest';
import { Shop } from '../docs/shop.ts';

const because = (lines: readonly string[]): string => lines.filter((line) => /^ /.test(line)).join('\n');

test('a broker that was paused, woke in time and was cut off later was silenced by the cut', () => {
  const shop = new Shop('kraft');
  const lines = ['wait 3s', 'pause broker-1', 'wait 1s', 'resume broker-1', 'wait 5s', 'isolate broker-1', 'wait 14s'];
  for (const line of lines) shop.type(line);
  const told = because(shop.type('why broker-fenced'));
  expect(told).toContain('broker-1 was cut off from everybody');
  expect(told).toMatch(/you typed: isolate broker-1$/);
});

test('of two faults, the first after the last word counts', () => {
  const shop = new Shop('kraft');
  for (const line of ['wait 3s', 'kill broker-2', 'wait 1s', 'partition broker-2 | broker-1', 'wait 14s'])
    shop.type(line);
  expect(because(shop.type('why broker-session-expired'))).toMatch(
    /broker-2 was killed[\s\S]*you typed: kill broker-2$/,
  );
});

test('a fault of another node silences nobody', () => {
  const shop = new Shop('kraft');
  for (const line of ['wait 3s', 'pause broker-2', 'wait 1s', 'isolate billing[0]', 'wait 14s']) shop.type(line);
  const told = because(shop.type('why broker-session-expired'));
  expect(told).toContain('broker-2 was paused');
  expect(told).not.toContain('billing');
});

test('a swallowed heartbeat is a silence, too', () => {
  const shop = new Shop('kraft');
  for (const line of ['wait 3s', 'inject BrokerHeartbeat --hang', 'wait 20s']) shop.type(line);
  expect(because(shop.type('why broker-session-expired'))).toMatch(/you typed: inject BrokerHeartbeat --hang$/);
});

test('a session that the operator ended was not silent', () => {
  const shop = new Shop('zookeeper');
  for (const line of ['wait 3s', 'expireSession broker-1', 'wait 5s']) shop.type(line);
  expect(because(shop.type('why broker-unregistered'))).toMatch(/you typed: expireSession broker-1$/);
});

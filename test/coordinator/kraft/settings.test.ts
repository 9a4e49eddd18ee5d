import { expect, test } from 'vitest';
import { resolveConfig } from '../../../src/config/config.ts';
import { defaultKraftSettings } from '../../../src/coordinator/kraft/settings.ts';
import { kraftSettings } from '../../../src/coordinator/kraft/settings-from-config.ts';

test('the defaults of the table of settings are those of a KRaft cluster of 4.2', () => {
  const settings = kraftSettings(resolveConfig('broker', {}, { version: '4.2' }));
  for (const [name, value] of Object.entries(defaultKraftSettings)) {
    if (typeof value !== 'function')
      expect({ [name]: settings[name as keyof typeof settings] }).toEqual({ [name]: value });
  }
  expect(settings.checkTopicConfig('retention.ms', '5')).toBeNull();
  expect(settings.checkTopicConfig('retention.mss', '5')).toMatch(/retention\.ms/);
  expect(settings.listDefault('cleanup.policy')).toBe('delete');
});

test('what the user wrote wins, and fast timers shorten the rest', () => {
  const settings = kraftSettings(
    resolveConfig('broker', { 'broker.session.timeout.ms': '3000' }, { version: '4.2', timers: 'fast' }),
  );
  expect(settings.brokerSessionTimeoutMs).toBe(3000);
  expect(settings.fetchTimeoutMs).toBeLessThan(2000);
});

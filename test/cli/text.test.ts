/** How wide texts are, and what of them reaches a terminal. */
import { describe, expect, test } from 'vitest';
import { asciiOf } from '../../src/cli/dashboard/ascii.ts';
import { cut, fitLine, matches, pad, padLeft, width } from '../../src/cli/dashboard/text.ts';
import { textWidth, trusted } from '../../src/cli/dashboard/text-width.ts';
import { rule } from '../../src/cli/dashboard/window.ts';

describe('columns', () => {
  test.each([
    ['orders-0', 8],
    ['消費者', 6],
    ['한국', 4],
    ['🦊', 2],
    ['ｗｉｄｅ', 8],
    ['e\u0301', 1],
    ['●◐○✗✓▸─…█▁', 10],
  ])('of %s: %i', (text, columns) => expect(textWidth(text)).toBe(columns));

  test('a wide character that does not fit is left out, and its column filled', () => {
    expect(cut('消費者', 4)).toBe('消…');
    expect(pad('消費者', 4)).toBe('消… ');
    expect(padLeft('消費者', 7)).toBe(' 消費者');
    expect(width(fitLine([{ text: '消' }, { text: '費者' }], 5))).toBe(5);
    expect(width(rule('group 消費者たち', '↓3', { columns: 20, focused: true }))).toBe(20);
    expect(width(rule('group 消費者たち', '↓3', { columns: 9, focused: true }))).toBe(9);
  });
});

test('what would move a cursor, join signs or turn the direction of writing does not get through', () => {
  expect(trusted('a\u001b[2Jb\tc\n')).toBe('a [2Jb c ');
  expect(trusted('\u{1f469}\u200d\u{1f467}')).toBe('\u{1f469}\u{1f467}');
  expect(trusted('\u{1f1e9}\u{1f1ea}')).toBe('??');
  expect(trusted('ab\u202ecd')).toBe('abcd');
  expect(trusted('\ud800x')).toBe('?x');
});

test('ASCII takes as many columns as what it stands for', () => {
  for (const text of ['● 消費者 🦊 ─', 'e\u0301']) expect(asciiOf(text)).toHaveLength(textWidth(text));
});

test('a filter wants every word, and none with a minus or an exclamation mark before it', () => {
  expect(matches('broker elected', 'broker-1 became elected')).toBe(true);
  expect(matches('!isr', 'isr-shrunk')).toBe(false);
  expect(matches('-isr broker', 'broker-1 started')).toBe(true);
  expect(matches('!', 'anything')).toBe(true);
});

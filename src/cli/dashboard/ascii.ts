/** What stands for our signs where a terminal has only ASCII: as many columns as there were. */
import { characterWidth } from './text-width.ts';

const INSTEAD: Readonly<Record<string, string>> = {
  '●': 'o',
  '◐': '!',
  '○': '0',
  '✗': 'X',
  '✓': 'v',
  '·': '.',
  '▸': '>',
  '▶': '>',
  '◀': '<',
  '◆': '*',
  '↻': '@',
  '│': '|',
  '┊': ':',
  '├': '|',
  '┤': '|',
  '┼': '+',
  '╌': '.',
  '─': '-',
  '…': '~',
  '›': '>',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
  '×': 'x',
  '█': '#',
  '▒': ':',
  '▁': '_',
  '▂': '.',
  '▃': '-',
  '▄': '=',
  '▅': '+',
  '▆': '*',
  '▇': '%',
};

/** `█` of a sparkline and of a log alike. */
export function asciiOf(text: string): string {
  return text.replace(/[^ -~]/gu, (character) => INSTEAD[character] ?? '?'.repeat(characterWidth(character)));
}

/**
 * Whether a terminal shows more than ASCII: a locale that is set says so by its name; without one, kinds of terminals that are
 * known not to are excepted.
 */
export function showsUnicode(env: NodeJS.ProcessEnv): boolean {
  if (/^(linux|dumb|vt\d+|ansi|cons\d+|sun)$/.test(env.TERM ?? '')) return false;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return locale === '' || /utf-?8/i.test(locale);
}

import { describe, expect, test } from 'vitest';
import {
  type EditorEffect,
  type EditorState,
  edit,
  emptyLine,
  ghost,
  type Key,
} from '../../src/cli/repl/line-editor.ts';
import type { Completer } from '../../src/tools/complete.ts';

const WORDS = ['kill', 'pause', 'partition', 'status'];
const complete: Completer = (text, cursor) => {
  const start = text.slice(0, cursor).lastIndexOf(' ') + 1;
  const pool = start === 0 ? WORDS : ['broker-1', 'broker-2'];
  return { start, items: pool.filter((word) => word.startsWith(text.slice(start, cursor))) };
};

/** `abc` types; `<left>`, `<ctrl-w>`, `<shift-tab>` press. */
function press(state: EditorState, keys: string): { state: EditorState; effects: EditorEffect[]; shown: string } {
  const effects: EditorEffect[] = [];
  for (const token of keys.match(/<[a-z-]+>|[^<]/gu) ?? []) {
    const named = /^<(?:(ctrl|shift|meta)-)?(.+)>$/.exec(token);
    const key: Key = named
      ? {
          name: named[2]!,
          sequence: '',
          ctrl: named[1] === 'ctrl',
          meta: named[1] === 'meta',
          shift: named[1] === 'shift',
        }
      : { name: token, sequence: token, ctrl: false, meta: false, shift: false };
    const [next, effect] = edit(state, key, complete);
    state = next;
    if (effect) effects.push(effect);
  }
  return { state, effects, shown: `${state.text.slice(0, state.cursor)}|${state.text.slice(state.cursor)}` };
}

describe('the line editor', () => {
  test.each([
    ['types at the cursor', 'abc<left>X', 'abX|c'],
    ['backspace and delete differ', 'abcd<left><left><backspace><delete>', 'a|d'],
    ['home, end', 'abc<home>X<end>Y', 'XabcY|'],
    ['words', 'kill broker-1<ctrl-left>', 'kill |broker-1'],
    ['Ctrl-W cuts a word, Ctrl-Y brings it back', 'kill broker-1<ctrl-w><ctrl-a><ctrl-y>', 'broker-1|kill '],
    ['Ctrl-U and Ctrl-K cut to the ends', 'abcdef<left><left><ctrl-u><right><ctrl-k>', 'e|'],
    ['Ctrl-C empties a line', 'abc<ctrl-c>', '|'],
    ['Escape empties a line', 'abc<escape>', '|'],
    ['a character of several code points is one step', 'a👩‍💻b<left><backspace>', 'a|b'],
    ['Tab completes the only candidate', 'st<tab>', 'status |'],
    ['Tab extends to what is common', 'pa<tab>', 'pa|'],
    ['Tab walks the candidates', 'kill b<tab><tab><tab>', 'kill broker-1|'],
    ['Shift-Tab walks back', 'kill b<tab><tab><shift-tab>', 'kill broker-2|'],
    ['Alt is not text', 'a<meta-b>', 'a|'],
  ])('%s', (_, keys, shown) => {
    expect(press(emptyLine(), keys).shown).toBe(shown);
  });

  test('Enter submits and remembers; Up recalls, Down returns to the draft', () => {
    const first = press(emptyLine(), 'kill 1<return>start 1<return>');
    expect(first.effects).toMatchObject([
      { kind: 'submit', line: 'kill 1', pasted: false },
      { kind: 'submit', line: 'start 1', pasted: false },
    ]);
    expect(press(first.state, 'dra<up><up>').shown).toBe('kill 1|');
    expect(press(first.state, 'dra<up><up><down><down>').shown).toBe('dra|');
    expect(press(first.state, 'start 1<return>').state.history).toEqual(['kill 1', 'start 1']);
  });

  test('a ghost shows the newest line that begins so; Right and End take it', () => {
    const { state } = press(emptyLine(['kill broker-1', 'kill broker-2']), 'kil');
    expect(ghost(state)).toBe('l broker-2');
    expect(press(state, '<right>').shown).toBe('kill broker-2|');
    expect(press(state, '<end>').shown).toBe('kill broker-2|');
    expect(press(state, '<left><end>').shown).toBe('kil|');
  });

  test('Ctrl-R searches history backwards', () => {
    const history = ['kill broker-1', 'status', 'kill broker-2'];
    expect(press(emptyLine(history), '<ctrl-r>kill').shown).toBe('kill broker-2|');
    const older = press(emptyLine(history), '<ctrl-r>kill<ctrl-r>');
    expect(older.shown).toBe('kill broker-1|');
    expect(press(older.state, '<return>').effects).toMatchObject([{ kind: 'submit', line: 'kill broker-1' }]);
  });

  test('a pasted block runs line by line, also with CRLF', () => {
    const pasted = press(emptyLine(), '<paste-start>kill 1<return><enter>start 1<enter>sta<paste-end>');
    expect(pasted.effects.map((effect) => ('line' in effect ? effect.line : ''))).toEqual(['kill 1', 'start 1']);
    expect(pasted.shown).toBe('sta|');
  });

  test('on an empty line Ctrl-C interrupts and Ctrl-D ends; an empty line submits nothing', () => {
    expect(press(emptyLine(), '<ctrl-c>').effects).toEqual([{ kind: 'interrupt' }]);
    expect(press(emptyLine(), '<ctrl-d>').effects).toEqual([{ kind: 'eof' }]);
    expect(press(emptyLine(), '  <return>').effects).toEqual([]);
  });
});

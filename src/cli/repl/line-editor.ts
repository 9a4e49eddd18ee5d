/**
 * The line that a person types, as a pure machine: (state, key) → state and, sometimes, an effect. It knows no terminal, so the
 * dashboard's prompt and the plain one share it, and a test is a list of keys.
 */
import type { Completer } from '../../tools/complete.ts';
import { completeLine, type Menu } from './completion-menu.ts';
import { nextGrapheme, previousGrapheme, wordLeft, wordRight } from './graphemes.ts';

/** A key as Node.js's `readline` decodes it. */
export interface Key {
  readonly name?: string;
  readonly sequence: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
}

/**
 * 1. 0 ≤ cursor ≤ text.length, and never inside a grapheme.
 * 2. historyIndex = history.length while the line is the person's own; `draft` keeps that line while older ones are shown.
 */
export interface EditorState {
  readonly text: string;
  readonly cursor: number;
  readonly history: readonly string[];
  readonly historyIndex: number;
  readonly draft: string;
  readonly menu: Menu | undefined;
  readonly pasting: boolean;
  /** What Ctrl-U, -K or -W cut, for Ctrl-Y. */
  readonly killed: string;
  /** The search of Ctrl-R; undefined while none is on. */
  readonly search: string | undefined;
}

export type EditorEffect =
  /** `text` is the line with its blanks; a pasted one was not ended by a person. */
  | { readonly kind: 'submit'; readonly line: string; readonly text: string; readonly pasted: boolean }
  | { readonly kind: 'interrupt' | 'eof' | 'clear' };

export type Edited = readonly [state: EditorState, effect?: EditorEffect];

const MOST_HISTORY = 1000;

export function emptyLine(history: readonly string[] = []): EditorState {
  return {
    text: '',
    cursor: 0,
    history,
    historyIndex: history.length,
    draft: '',
    menu: undefined,
    pasting: false,
    killed: '',
    search: undefined,
  };
}

/** What was entered is none of the prompt's lines, and is not remembered as one. */
export function withoutEntry(state: EditorState, { history }: EditorState): EditorState {
  return { ...state, history, historyIndex: history.length };
}

/** The rest of the newest line of history that begins with what stands here: shown dimmed, taken by Right and End. */
export function ghost(state: EditorState): string {
  if (state.text === '' || state.cursor !== state.text.length || state.menu !== undefined) return '';
  const found = state.history.findLast((line) => line.startsWith(state.text) && line !== state.text);
  return found === undefined ? '' : found.slice(state.text.length);
}

export function edit(state: EditorState, key: Key, complete: Completer): Edited {
  if (key.name === 'paste-start') return [{ ...state, pasting: true }];
  if (key.name === 'paste-end') return [{ ...state, pasting: false }];
  if (state.pasting) return paste(state, key);
  if (state.search !== undefined) return search(state, key, complete);
  if (key.ctrl) return control(state, key);
  return named(state, key, complete);
}

/** A pasted block runs line by line: each of its line ends submits. */
function paste(state: EditorState, key: Key): Edited {
  if (key.name === 'return' || (key.name === 'enter' && state.text !== '')) return submit(state);
  if (key.name === 'enter') return [state];
  return typed(state, key.name === 'tab' ? ' ' : key.sequence);
}

function control(state: EditorState, key: Key): Edited {
  const { text, cursor } = state;
  switch (key.name) {
    case 'c':
      return text === '' ? [state, { kind: 'interrupt' }] : [withText(state, '')];
    case 'd':
      return text === '' ? [state, { kind: 'eof' }] : [cut(state, cursor, nextGrapheme(text, cursor))];
    case 'a':
      return [moved(state, 0)];
    case 'e':
      return toEnd(state);
    case 'b':
      return [moved(state, previousGrapheme(text, cursor))];
    case 'f':
      return right(state);
    case 'u':
      return [{ ...cut(state, 0, cursor), killed: text.slice(0, cursor) }];
    case 'k':
      return [{ ...cut(state, cursor, text.length), killed: text.slice(cursor) }];
    case 'w': {
      const from = wordLeft(text, cursor);
      return [{ ...cut(state, from, cursor), killed: text.slice(from, cursor) }];
    }
    case 'y':
      return [inserted(state, state.killed)];
    case 'l':
      return [state, { kind: 'clear' }];
    case 'p':
      return [recalled(state, -1)];
    case 'n':
      return [recalled(state, 1)];
    case 'r':
      return [{ ...state, search: '', menu: undefined }];
    case 'left':
      return [moved(state, wordLeft(text, cursor))];
    case 'right':
      return [moved(state, wordRight(text, cursor))];
    case 'h':
      return [cut(state, previousGrapheme(text, cursor), cursor)];
    default:
      return [state];
  }
}

function named(state: EditorState, key: Key, complete: Completer): Edited {
  const { text, cursor } = state;
  switch (key.name) {
    case 'return':
    case 'enter':
      return submit(state);
    case 'backspace':
      return [cut(state, previousGrapheme(text, cursor), cursor)];
    case 'delete':
      return [cut(state, cursor, nextGrapheme(text, cursor))];
    case 'left':
      return [moved(state, previousGrapheme(text, cursor))];
    case 'right':
      return right(state);
    case 'home':
      return [moved(state, 0)];
    case 'end':
      return toEnd(state);
    case 'up':
      return [recalled(state, -1)];
    case 'down':
      return [recalled(state, 1)];
    case 'escape':
      return [state.menu === undefined ? withText(state, '') : { ...state, menu: undefined }];
    case 'tab':
      return [completeLine(state, complete, key.shift ? -1 : 1)];
    default:
      return key.meta ? [state] : typed(state, key.sequence);
  }
}

/** Ctrl-R: what is typed narrows the search, Ctrl-R again goes to an older match, any other key takes the match. */
function search(state: EditorState, key: Key, complete: Completer): Edited {
  const sought = state.search ?? '';
  if (key.ctrl && (key.name === 'c' || key.name === 'g')) return [{ ...withText(state, ''), search: undefined }];
  if (key.name === 'escape') return [{ ...state, search: undefined }];
  if (key.ctrl && key.name === 'r') return [found(state, sought, state.historyIndex - 1)];
  if (key.name === 'backspace') return [found(state, sought.slice(0, -1), state.history.length - 1)];
  if (!key.ctrl && !key.meta && isText(key.sequence)) return [found(state, sought + key.sequence, state.historyIndex)];
  return edit({ ...state, search: undefined }, key, complete);
}

function found(state: EditorState, sought: string, from: number): EditorState {
  for (let index = Math.min(from, state.history.length - 1); index >= 0; index--) {
    const line = state.history[index]!;
    if (line.includes(sought)) return { ...withText(state, line), historyIndex: index, search: sought };
  }
  return { ...state, search: sought };
}

function submit(state: EditorState): Edited {
  const line = state.text.trim();
  if (line === '') return [{ ...withText(state, '') }];
  const history = state.history.at(-1) === line ? state.history : [...state.history, line].slice(-MOST_HISTORY);
  return [
    { ...emptyLine(history), killed: state.killed, pasting: state.pasting },
    { kind: 'submit', line, text: state.text, pasted: state.pasting },
  ];
}

function recalled(state: EditorState, step: number): EditorState {
  const { history } = state;
  const index = Math.min(history.length, Math.max(0, state.historyIndex + step));
  if (index === state.historyIndex) return state;
  const draft = state.historyIndex === history.length ? state.text : state.draft;
  return { ...withText(state, history[index] ?? draft), historyIndex: index, draft };
}

function right(state: EditorState): Edited {
  const { text, cursor } = state;
  if (cursor < text.length) return [moved(state, nextGrapheme(text, cursor))];
  return [withText(state, text + ghost(state))];
}

function toEnd(state: EditorState): Edited {
  return state.cursor < state.text.length ? [moved(state, state.text.length)] : right(state);
}

function isText(sequence: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys without text are made of these.
  return sequence !== '' && !/[\u0000-\u001f\u007f]/.test(sequence);
}

function typed(state: EditorState, sequence: string): Edited {
  return [isText(sequence) ? inserted(state, sequence) : state];
}

function moved(state: EditorState, cursor: number): EditorState {
  return { ...state, cursor, menu: undefined };
}

function withText(state: EditorState, text: string, cursor = text.length): EditorState {
  return { ...state, text, cursor, menu: undefined };
}

function inserted(state: EditorState, piece: string): EditorState {
  const text = state.text.slice(0, state.cursor) + piece + state.text.slice(state.cursor);
  return withText(state, text, state.cursor + piece.length);
}

function cut(state: EditorState, from: number, to: number): EditorState {
  return withText(state, state.text.slice(0, from) + state.text.slice(to), from);
}

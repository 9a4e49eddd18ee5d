import { parseDuration } from '../units.ts';
import { type CallArgs, COMPARISONS, ExpressionError, type Span } from './ast.ts';

export type Token =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'duration'; readonly us: number; readonly span: Span }
  | { readonly kind: 'text'; readonly value: string; readonly span: Span }
  | { readonly kind: 'word'; readonly text: string; readonly args: readonly CallArgs[]; readonly span: Span }
  | { readonly kind: 'binding'; readonly name: string; readonly span: Span }
  | { readonly kind: 'symbol'; readonly text: string; readonly span: Span }
  | { readonly kind: 'end'; readonly span: Span };

const SYMBOL = /==|!=|<=|>=|&&|\|\||[<>()[\]{},:+*/!=-]/y;
const NUMBER = /\d[\w.%]*/y;
/** Names may hold dots, dashes, `@replica` and `[member]`; `orders/0` before a dot is a partition; a dash with blanks around it is a minus. */
const WORD = /[A-Za-z_][\w-]*(?:\/\d+(?=[.@]))?[\w.@:-]*(?:\[\d+\])?(?:[\w.@:-]*)/y;

/** Cuts the text of an expression into tokens. Throws `ExpressionError` where no token begins. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0];
  };
  while (position < text.length) {
    const start = position;
    const char = text[position]!;
    if (/\s/.test(char)) {
      position += 1;
      continue;
    }
    if (char === '"' || char === "'") {
      const end = text.indexOf(char, position + 1);
      if (end < 0) throw new ExpressionError('this quotation mark is not closed', { start, end: text.length });
      position = end + 1;
      tokens.push({ kind: 'text', value: text.slice(start + 1, end), span: { start, end: position } });
      continue;
    }
    if (char === '$') {
      position += 1;
      const name = match(/[A-Za-z_][\w-]*/y);
      if (name === undefined) throw new ExpressionError('a name must follow $', { start, end: start + 1 });
      position += name.length;
      tokens.push({ kind: 'binding', name, span: { start, end: position } });
      continue;
    }
    const number = match(NUMBER);
    if (number !== undefined) {
      position += number.length;
      tokens.push(numberToken(number, { start, end: position }));
      continue;
    }
    if (match(WORD) !== undefined) {
      const word = readWord(text, position);
      position = word.span.end;
      tokens.push(word);
      continue;
    }
    const symbol = match(SYMBOL);
    if (symbol === undefined) throw new ExpressionError(`"${char}" has no meaning here`, { start, end: start + 1 });
    position += symbol.length;
    tokens.push({ kind: 'symbol', text: symbol, span: { start, end: position } });
  }
  tokens.push({ kind: 'end', span: { start: text.length, end: text.length } });
  return tokens;
}

function numberToken(text: string, span: Span): Token {
  if (/^\d+(\.\d+)?$/.test(text)) return { kind: 'number', value: Number(text), span };
  const us = parseDuration(text);
  if (us !== undefined) return { kind: 'duration', us, span };
  throw new ExpressionError(
    `"${text}" is neither a number nor a duration`,
    span,
    'durations are written 200us, 50ms, 5s, 1m30s, 2h',
  );
}

/** Words that are no functions: what stands in parentheses behind them is an operand. */
const OPERATORS: ReadonlySet<string> = new Set(['not', 'and', 'or', ...COMPARISONS]);

/** A word with the arguments in it: `znode(/controller).exists` → text `znode.exists`, one argument list at offset 5. */
function readWord(text: string, from: number): Token & { kind: 'word' } {
  const args: CallArgs[] = [];
  let word = '';
  let position = from;
  for (;;) {
    WORD.lastIndex = position;
    const tail = word === '' ? WORD : /[\w.@:[\]-]+/y;
    tail.lastIndex = position;
    const part = tail.exec(text)?.[0] ?? '';
    word += part;
    position += part.length;
    if (text[position] !== '(' || OPERATORS.has(word)) break;
    const close = text.indexOf(')', position);
    if (close < 0) throw new ExpressionError('this parenthesis is not closed', { start: position, end: text.length });
    const list = text
      .slice(position + 1, close)
      .split(',')
      .map((arg) => arg.trim());
    args.push({ at: word.length, args: list.length === 1 && list[0] === '' ? [] : list });
    position = close + 1;
  }
  return { kind: 'word', text: word, args, span: { start: from, end: position } };
}

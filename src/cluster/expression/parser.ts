import { parseDuration } from '../units.ts';
import {
  type ByMode,
  COMPARISONS,
  type Comparison,
  type Expression,
  ExpressionError,
  type Node,
  type Temporal,
} from './ast.ts';
import { type Token, tokenize } from './lexer.ts';

const KEYWORDS = new Set(['and', 'or', 'not', 'within', 'for', 'true', 'false', 'none', ...COMPARISONS]);

/**
 * Reads an expression: `VALUE OPERATOR VALUE [within D] [for D]`, joined by and/or/not. Throws `ExpressionError`.
 * Precedence, loosest first: or, and, not, comparison, + and -, * and /.
 */
export function parseExpression(text: string): Expression {
  const reader = new Reader(tokenize(text), text);
  const root = reader.or();
  const temporal = reader.temporal();
  reader.end();
  return { text, root, temporal };
}

/** Reads a value alone, as `let` and the options of verbs have it. */
export function parseValue(text: string): Node {
  const reader = new Reader(tokenize(text), text);
  const value = reader.or();
  reader.end();
  return value;
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #at = 0;

  constructor(tokens: readonly Token[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  or(): Node {
    let left = this.#and();
    while (this.#takeWord('or') || this.#takeSymbol('||')) {
      const right = this.#and();
      left = { kind: 'logic', operator: 'or', left, right, span: { start: left.span.start, end: right.span.end } };
    }
    return left;
  }

  #and(): Node {
    let left = this.#not();
    while (this.#takeWord('and') || this.#takeSymbol('&&')) {
      const right = this.#not();
      left = { kind: 'logic', operator: 'and', left, right, span: { start: left.span.start, end: right.span.end } };
    }
    return left;
  }

  #not(): Node {
    const start = this.#peek().span.start;
    if (this.#takeWord('not') || this.#takeSymbol('!')) {
      const operand = this.#not();
      return { kind: 'not', operand, span: { start, end: operand.span.end } };
    }
    return this.#comparison();
  }

  #comparison(): Node {
    const left = this.#sum();
    const operator = this.#comparisonOperator();
    if (operator === undefined) return left;
    const right = this.#sum();
    return { kind: 'compare', operator, left, right, span: { start: left.span.start, end: right.span.end } };
  }

  #comparisonOperator(): Comparison | undefined {
    const token = this.#peek();
    if (token.kind === 'symbol' && token.text === '=')
      throw new ExpressionError('"=" does not compare', token.span, 'did you mean "=="?');
    const text = token.kind === 'symbol' || token.kind === 'word' ? token.text : '';
    const operator = COMPARISONS.find((known) => known === text);
    if (operator !== undefined) this.#at += 1;
    return operator;
  }

  #sum(): Node {
    let left = this.#product();
    for (;;) {
      const operator = this.#takeSymbol('+') ? '+' : this.#takeSymbol('-') ? '-' : undefined;
      if (operator === undefined) return left;
      const right = this.#product();
      left = { kind: 'arithmetic', operator, left, right, span: { start: left.span.start, end: right.span.end } };
    }
  }

  #product(): Node {
    let left = this.#primary();
    for (;;) {
      const operator = this.#takeSymbol('*') ? '*' : this.#takeSymbol('/') ? '/' : undefined;
      if (operator === undefined) return left;
      const right = this.#primary();
      left = { kind: 'arithmetic', operator, left, right, span: { start: left.span.start, end: right.span.end } };
    }
  }

  #primary(): Node {
    const token = this.#peek();
    this.#at += 1;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.value, span: token.span };
      case 'duration':
        return { kind: 'duration', us: token.us, span: token.span };
      case 'text':
        return { kind: 'text', value: token.value, span: token.span };
      case 'binding':
        return { kind: 'binding', name: token.name, span: token.span };
      case 'word':
        return this.#word(token);
      case 'symbol':
        if (token.text === '(') {
          const inner = this.or();
          this.#expectSymbol(')');
          return inner;
        }
        if (token.text === '[') return this.#list(token);
        if (token.text === '-') return this.#negative(token);
    }
    this.#at -= 1;
    throw this.#unexpected('a value');
  }

  #word(token: Token & { kind: 'word' }): Node {
    const { text, args, span } = token;
    if (args.length === 0) {
      if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true', span };
      if (text === 'none') return { kind: 'none', span };
      if (KEYWORDS.has(text)) {
        this.#at -= 1;
        throw this.#unexpected('a value');
      }
    }
    return { kind: 'path', text, args, span };
  }

  #list(open: Token): Node {
    const items: Node[] = [];
    while (!this.#takeSymbol(']')) {
      if (items.length > 0) this.#expectSymbol(',');
      items.push(this.#sum());
    }
    return { kind: 'list', items, span: { start: open.span.start, end: this.#tokens[this.#at - 1]!.span.end } };
  }

  #negative(minus: Token): Node {
    const operand = this.#primary();
    const span = { start: minus.span.start, end: operand.span.end };
    if (operand.kind === 'number') return { kind: 'number', value: -operand.value, span };
    if (operand.kind === 'duration') return { kind: 'duration', us: -operand.us, span };
    throw new ExpressionError('only a number or a duration can be negative', span);
  }

  temporal(): Temporal {
    let within: ByMode | undefined;
    let lasting: ByMode | undefined;
    for (;;) {
      if (within === undefined && lasting === undefined && this.#takeWord('within')) within = this.#duration();
      else if (lasting === undefined && this.#takeWord('for')) lasting = this.#duration();
      else break;
    }
    return { ...(within && { within }), ...(lasting && { for: lasting }) };
  }

  /** `25s`, or `{ kraft: 12s, zookeeper: 25s }`. */
  #duration(): ByMode {
    const token = this.#peek();
    if (token.kind === 'duration') {
      this.#at += 1;
      return { kraft: token.us, zookeeper: token.us };
    }
    if (!this.#takeSymbol('{')) throw this.#unexpected('a duration such as 10s');
    const byMode: { kraft?: number; zookeeper?: number } = {};
    while (!this.#takeSymbol('}')) {
      this.#takeSymbol(',');
      const key = this.#peek();
      const [mode, close] = key.kind === 'word' ? key.text.split(':', 2) : [];
      if (mode !== 'kraft' && mode !== 'zookeeper') throw this.#unexpected('kraft or zookeeper');
      byMode[mode] = this.#modeDuration(close);
    }
    const kraft = byMode.kraft ?? byMode.zookeeper;
    const zookeeper = byMode.zookeeper ?? byMode.kraft;
    if (kraft === undefined || zookeeper === undefined) throw new ExpressionError('no duration is given', token.span);
    return { kraft, zookeeper };
  }

  /** What stands behind `kraft:`, with a blank or without. */
  #modeDuration(close: string | undefined): number {
    if (close) {
      const us = parseDuration(close);
      if (us === undefined) throw this.#unexpected('a duration such as 10s');
      this.#at += 1;
      return us;
    }
    this.#at += 1;
    this.#takeSymbol(':');
    const value = this.#peek();
    if (value.kind !== 'duration') throw this.#unexpected('a duration such as 10s');
    this.#at += 1;
    return value.us;
  }

  end(): void {
    if (this.#peek().kind !== 'end') throw this.#unexpected('an operator, within, for, or the end');
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'word' && token.text === word;
    if (found) this.#at += 1;
    return found;
  }

  #takeSymbol(symbol: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'symbol' && token.text === symbol;
    if (found) this.#at += 1;
    return found;
  }

  #expectSymbol(symbol: string): void {
    if (!this.#takeSymbol(symbol)) throw this.#unexpected(`"${symbol}"`);
  }

  #unexpected(wanted: string): ExpressionError {
    const token = this.#peek();
    const found =
      token.kind === 'end' ? 'the expression ends' : `"${this.#text.slice(token.span.start, token.span.end)}" stands`;
    return new ExpressionError(`${found} where ${wanted} is expected`, token.span);
  }
}

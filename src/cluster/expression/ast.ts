/** What an expression of the scenario language is once it is read. Positions are offsets into its text, for error messages. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Node =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'duration'; readonly us: number; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'none'; readonly span: Span }
  | { readonly kind: 'text'; readonly value: string; readonly span: Span }
  | { readonly kind: 'binding'; readonly name: string; readonly span: Span }
  /** A bare word: a name of a node, topic, client, partition, state … or an observable such as `orders-0.isr.size`. */
  | { readonly kind: 'path'; readonly text: string; readonly args: readonly CallArgs[]; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly span: Span }
  | { readonly kind: 'not'; readonly operand: Node; readonly span: Span }
  | {
      readonly kind: 'logic';
      readonly operator: 'and' | 'or';
      readonly left: Node;
      readonly right: Node;
      readonly span: Span;
    }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Node;
      readonly right: Node;
      readonly span: Span;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Node;
      readonly right: Node;
      readonly span: Span;
    };

/** Parenthesised arguments within a path: `web.errors(NAME, orders-3)` has one at position 10 of the path's text. */
export interface CallArgs {
  /** Offset in the path's text at which the parentheses stood (they are not part of it). */
  readonly at: number;
  readonly args: readonly string[];
}

export const COMPARISONS = [
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'includes',
  'excludes',
  'matches',
  'becomes',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** When an expression must be true. Durations by mode where the text says `within { kraft: 12s, zookeeper: 25s }`. */
export interface Temporal {
  readonly within?: ByMode;
  readonly for?: ByMode;
}
export type ByMode = { readonly kraft: number; readonly zookeeper: number };

export interface Expression {
  readonly text: string;
  readonly root: Node;
  readonly temporal: Temporal;
}

/** A mistake in a text: where in it, what, and what to do. */
export class ExpressionError extends Error {
  readonly span: Span;
  readonly hint: string | undefined;
  constructor(message: string, span: Span, hint?: string) {
    super(message);
    this.name = 'ExpressionError';
    this.span = span;
    this.hint = hint;
  }
}

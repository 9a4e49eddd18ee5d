import type { Domain } from '../model/changes.ts';
import { type CallArgs, type Comparison, ExpressionError, type Node, type Span } from './ast.ts';
import { contains, equalValues, formatValue, type Value, type ValueType } from './value.ts';

/** A compiled value: what it is called in reports, its type, how to read it, and which parts of the model it depends on. */
export interface Compiled {
  readonly type: ValueType;
  readonly read: () => Value;
  readonly domains: ReadonlySet<Domain>;
}

/** What bare words and `$names` mean where the expression stands. Throws `ExpressionError` for what means nothing. */
export interface Resolver {
  path(text: string, args: readonly CallArgs[], span: Span): Compiled;
  binding(name: string, span: Span): Compiled;
}

/** Observed and expected sides of a condition, for reports. */
export interface Condition extends Compiled {
  readonly test: () => boolean;
  readonly observed: () => string;
  readonly expected: () => string;
}

const NO_DOMAINS: ReadonlySet<Domain> = new Set();
const ORDERED: readonly Comparison[] = ['<', '<=', '>', '>='];

/** Compiles a value. `becomes` keeps state: compile anew for every place where a condition is judged. */
export function compileValue(node: Node, resolver: Resolver): Compiled {
  switch (node.kind) {
    case 'number':
      return constant('number', node.value);
    case 'duration':
      return constant('duration', node.us);
    case 'boolean':
      return constant('boolean', node.value);
    case 'none':
      return constant('none', null);
    case 'text':
      return constant('name', node.value);
    case 'binding':
      return resolver.binding(node.name, node.span);
    case 'path':
      return resolver.path(node.text, node.args, node.span);
    case 'list': {
      const items = node.items.map((item) => compileValue(item, resolver));
      return { type: 'set', read: () => items.map((item) => item.read()), domains: union(items) };
    }
    case 'arithmetic':
      return compileArithmetic(node, resolver);
    default: {
      const condition = compileCondition(node, resolver);
      return { type: 'boolean', read: condition.test, domains: condition.domains };
    }
  }
}

/** Compiles something that is true or false. */
export function compileCondition(node: Node, resolver: Resolver): Condition {
  switch (node.kind) {
    case 'not': {
      const inner = compileCondition(node.operand, resolver);
      return condition(
        () => !inner.test(),
        [inner],
        inner.observed,
        () => `not ${inner.expected()}`,
      );
    }
    case 'logic': {
      const left = compileCondition(node.left, resolver);
      const right = compileCondition(node.right, resolver);
      const both = node.operator === 'and';
      // Both sides are always read: `becomes` has to see every moment.
      const test = () => {
        const first = left.test();
        const second = right.test();
        return both ? first && second : first || second;
      };
      const join = (a: string, b: string) => `${a} ${node.operator} ${b}`;
      return condition(
        test,
        [left, right],
        () => join(left.observed(), right.observed()),
        () => join(left.expected(), right.expected()),
      );
    }
    case 'compare':
      return compileComparison(node, resolver);
    default: {
      const value = compileValue(node, resolver);
      if (value.type !== 'boolean' && value.type !== 'any')
        throw new ExpressionError(
          'this is a value, not a condition',
          node.span,
          'compare it: VALUE == VALUE, VALUE < VALUE …',
        );
      return condition(
        () => value.read() === true,
        [value],
        () => formatValue(value.read(), value.type),
        () => 'true',
      );
    }
  }
}

function compileComparison(node: Node & { kind: 'compare' }, resolver: Resolver): Condition {
  const left = compileValue(node.left, resolver);
  const right = compileValue(node.right, resolver);
  checkTypes(node, left.type, right.type);
  const compare = comparison(node.operator, node.right);
  const sides: readonly Compiled[] = [left, right];
  return condition(
    () => compare(left.read(), right.read()),
    sides,
    () => formatValue(left.read(), left.type),
    () => `${node.operator} ${formatValue(right.read(), right.type)}`,
  );
}

function checkTypes(node: Node & { kind: 'compare' }, left: ValueType, right: ValueType): void {
  const amount = (type: ValueType) => type === 'number' || type === 'duration';
  if (amount(left) && amount(right) && left !== right && !isZero(node.left) && !isZero(node.right))
    throw new ExpressionError(
      `a ${left} is compared with a ${right}`,
      node.right.span,
      right === 'number' ? 'durations carry a unit: 5s, 200ms' : undefined,
    );
  if (ORDERED.includes(node.operator) && (left === 'set' || right === 'set'))
    throw new ExpressionError(`"${node.operator}" does not order sets`, node.span, 'use .size, includes, excludes, in');
  if ((node.operator === 'includes' || node.operator === 'excludes') && left !== 'set' && left !== 'any')
    throw new ExpressionError(`"${node.operator}" needs a set on its left`, node.left.span);
  if (node.operator === 'in' && right !== 'set' && right !== 'any')
    throw new ExpressionError('"in" needs a set on its right', node.right.span, 'for example [1, 2]');
}

const isZero = (node: Node) => node.kind === 'number' && node.value === 0;

function comparison(operator: Comparison, right: Node): (a: Value, b: Value) => boolean {
  switch (operator) {
    case '==':
      return equalValues;
    case '!=':
      return (a, b) => !equalValues(a, b);
    case '<':
      return (a, b) => typeof a === 'number' && typeof b === 'number' && a < b;
    case '<=':
      return (a, b) => typeof a === 'number' && typeof b === 'number' && a <= b;
    case '>':
      return (a, b) => typeof a === 'number' && typeof b === 'number' && a > b;
    case '>=':
      return (a, b) => typeof a === 'number' && typeof b === 'number' && a >= b;
    case 'in':
      return (a, b) => contains(b, a);
    case 'includes':
      return (a, b) => includesAll(a, b);
    case 'excludes':
      return (a, b) => excludesAll(a, b);
    case 'matches':
      return matcher(right);
    case 'becomes':
      return change();
  }
}

function includesAll(set: Value, items: Value): boolean {
  return Array.isArray(items) ? items.every((item: Value) => contains(set, item)) : contains(set, items);
}

/** A set that is not there excludes everything. */
function excludesAll(set: Value, items: Value): boolean {
  return Array.isArray(items) ? items.every((item: Value) => !contains(set, item)) : !contains(set, items);
}

function matcher(right: Node): (a: Value, b: Value) => boolean {
  if (right.kind === 'text' || right.kind === 'path') {
    const source = right.kind === 'text' ? right.value : right.text;
    try {
      const pattern = new RegExp(source);
      return (a) => a !== null && pattern.test(formatValue(a, 'any'));
    } catch {
      throw new ExpressionError(`"${source}" is not a regular expression`, right.span);
    }
  }
  throw new ExpressionError('"matches" needs a quoted regular expression', right.span);
}

/** True once the values are equal after having been seen different. */
function change(): (a: Value, b: Value) => boolean {
  let different = false;
  return (a, b) => {
    const equal = equalValues(a, b);
    if (!equal) different = true;
    return equal && different;
  };
}

function compileArithmetic(node: Node & { kind: 'arithmetic' }, resolver: Resolver): Compiled {
  const left = compileValue(node.left, resolver);
  const right = compileValue(node.right, resolver);
  for (const [side, at] of [
    [left, node.left],
    [right, node.right],
  ] as const)
    if (side.type !== 'number' && side.type !== 'duration' && side.type !== 'any')
      throw new ExpressionError(`"${node.operator}" calculates with numbers and durations only`, at.span);
  const calculate = (a: number, b: number): number => {
    switch (node.operator) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        return a / b;
    }
  };
  const read = (): Value => {
    const a = left.read();
    const b = right.read();
    if (typeof a !== 'number' || typeof b !== 'number') return null;
    const result = calculate(a, b);
    return Number.isFinite(result) ? result : null;
  };
  const durations = (left.type === 'duration' ? 1 : 0) + (right.type === 'duration' ? 1 : 0);
  const type: ValueType = durations === 1 || (durations === 2 && node.operator !== '/') ? 'duration' : 'number';
  return { type, read, domains: union([left, right]) };
}

function constant(type: ValueType, value: Value): Compiled {
  return { type, read: () => value, domains: NO_DOMAINS };
}

function condition(
  test: () => boolean,
  parts: readonly Compiled[],
  observed: () => string,
  expected: () => string,
): Condition {
  return { type: 'boolean', read: test, test, observed, expected, domains: union(parts) };
}

function union(parts: readonly Compiled[]): ReadonlySet<Domain> {
  const all = new Set<Domain>();
  for (const part of parts) for (const domain of part.domains) all.add(domain);
  return all;
}

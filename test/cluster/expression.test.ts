/** Expressions of the scenario language: how they are read, what they come to, where their mistakes stand, and how windows are judged. */
import { describe, expect, test } from 'vitest';
import { ExpressionError, type Node } from '../../src/cluster/expression/ast.ts';
import { compileCondition, compileValue, type Resolver } from '../../src/cluster/expression/compile.ts';
import { expectation, invariantCondition, type Monitor } from '../../src/cluster/expression/monitor.ts';
import { parseExpression, parseValue } from '../../src/cluster/expression/parser.ts';
import { nodeValue, type Value, type ValueType } from '../../src/cluster/expression/value.ts';

/** Values that the expressions below speak of. */
const WORLD: Readonly<Record<string, readonly [ValueType, Value]>> = {
  'orders-0.leader': ['any', 1],
  'orders-1.leader': ['any', null],
  'orders-0.isr': ['set', [1, 3]],
  'orders-0.isr.size': ['number', 2],
  'orders-0.elr': ['set', []],
  'orders-0.available': ['boolean', true],
  'orders-1.available': ['boolean', false],
  'orders-0.unavailableFor': ['duration', 8_270_000],
  'web.p99': ['duration', 12_500],
  'web.acked': ['number', 500],
  'web.lastError': ['name', 'NOT_LEADER_OR_FOLLOWER'],
  'broker-1.state': ['name', 'running'],
};
const BOUND: Readonly<Record<string, Value>> = { dead: 1, others: [2, 3], nobody: null };

const resolver: Resolver = {
  path(text, _args, span) {
    const known = WORLD[text];
    if (known !== undefined) return { type: known[0], read: () => known[1], domains: new Set() };
    if (text.includes('.')) throw new ExpressionError(`unknown ${text}`, span);
    return { type: 'name', read: () => nodeValue(text), domains: new Set() };
  },
  binding: (name) => ({ type: 'any', read: () => BOUND[name] ?? null, domains: new Set() }),
};

const holds = (text: string) => compileCondition(parseExpression(text).root, resolver).test();

/** The tree in prefix notation, for the shape alone. */
function shape(node: Node): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'duration':
      return `${node.us}us`;
    case 'boolean':
      return String(node.value);
    case 'none':
      return 'none';
    case 'text':
      return `'${node.value}'`;
    case 'binding':
      return `$${node.name}`;
    case 'path':
      return node.args.reduceRight(
        (text, { at, args }) => `${text.slice(0, at)}(${args.join(',')})${text.slice(at)}`,
        node.text,
      );
    case 'list':
      return `[${node.items.map(shape).join(' ')}]`;
    case 'not':
      return `(not ${shape(node.operand)})`;
    default:
      return `(${node.operator} ${shape(node.left)} ${shape(node.right)})`;
  }
}

describe('reading', () => {
  test.each([
    ['a or b and not c', '(or a (and b (not c)))'],
    ['(a or b) and c', '(and (or a b) c)'],
    ['not a and b', '(and (not a) b)'],
    ['not a == 1', '(not (== a 1))'],
    ['a and b or c and d', '(or (and a b) (and c d))'],
    ['a or b or c', '(or (or a b) c)'],
    ['1 + 2 * 3 == 7', '(== (+ 1 (* 2 3)) 7)'],
    ['(1 + 2) * 3 == 9', '(== (* (+ 1 2) 3) 9)'],
    ['8 - 4 - 2 == 2', '(== (- (- 8 4) 2) 2)'],
    ['8 / 4 / 2 == 1', '(== (/ (/ 8 4) 2) 1)'],
    ['a.x < b.y + 3 and c', '(and (< a.x (+ b.y 3)) c)'],
    ['orders-0.isr == [1, 2]', '(== orders-0.isr [1 2])'],
    ['orders-0.isr == []', '(== orders-0.isr [])'],
    ['a.gap == -5s', '(== a.gap -5000000us)'],
    ['a.gap == -5', '(== a.gap -5)'],
    ['web.errors(NOT_ENOUGH_REPLICAS, orders-3) > 0', '(> web.errors(NOT_ENOUGH_REPLICAS,orders-3) 0)'],
    ['znode(/brokers/ids/1).exists', 'znode(/brokers/ids/1).exists'],
    ['partition(orders, 0).isr.size == 3', '(== partition(orders,0).isr.size 3)'],
    ['orders-0@2.leo == 5', '(== orders-0@2.leo 5)'],
    ['billing[0].state == running', '(== billing[0].state running)'],
    ['orders-0.leader in [$dead, broker-2]', '(in orders-0.leader [$dead broker-2])'],
    ['a == "two words"', "(== a 'two words')"],
    ["a matches '^x y$'", "(matches a '^x y$')"],
    ['a == 1m30s', '(== a 90000000us)'],
    ['a == 1.5s', '(== a 1500000us)'],
    ['a.b becomes running', '(becomes a.b running)'],
    ['orders-0.leader != none', '(!= orders-0.leader none)'],
    ['a && b || !c', '(or (and a b) (not c))'],
    ['not(a or b)', '(not (or a b))'],
    ['orders/0.leader == 1', '(== orders/0.leader 1)'],
    ['web.sent/2 > 1', '(> (/ web.sent 2) 1)'],
  ])('%s', (text, tree) => {
    expect(shape(parseExpression(text).root)).toBe(tree);
  });

  test.each([
    ['a', {}],
    ['a within 10s', { within: { kraft: 10_000_000, zookeeper: 10_000_000 } }],
    ['a == 1 for 5s', { for: { kraft: 5_000_000, zookeeper: 5_000_000 } }],
    [
      'a or b within 10s for 500ms',
      { within: { kraft: 10_000_000, zookeeper: 10_000_000 }, for: { kraft: 500_000, zookeeper: 500_000 } },
    ],
    ['a within { kraft: 12s, zookeeper: 25s }', { within: { kraft: 12_000_000, zookeeper: 25_000_000 } }],
    ['a within {kraft:12s,zookeeper:25s}', { within: { kraft: 12_000_000, zookeeper: 25_000_000 } }],
    [
      'a within 1s for { kraft: 2s, zookeeper: 3s }',
      { within: { kraft: 1_000_000, zookeeper: 1_000_000 }, for: { kraft: 2_000_000, zookeeper: 3_000_000 } },
    ],
  ])('window of: %s', (text, temporal) => {
    expect(parseExpression(text).temporal).toEqual(temporal);
  });
});

describe('values and operators', () => {
  test.each([
    // numbers, names, none
    ['orders-0.leader == 1', true],
    ['orders-0.leader == broker-1', true],
    ['orders-0.leader == $dead', true],
    ['orders-0.leader != $dead', false],
    ['orders-1.leader == none', true],
    ['orders-1.leader != 1', true],
    ['orders-1.leader == 1', false],
    ['none != 1', true],
    ['$nobody == none', true],
    ['orders-1.leader < 1', false],
    ['orders-1.leader >= 0', false],
    ['broker-1.state == running', true],
    ['broker-1.state != stopped', true],
    // order
    ['web.acked < 501', true],
    ['web.acked < 500', false],
    ['web.acked <= 500', true],
    ['web.acked > 499', true],
    ['web.acked > 500', false],
    ['web.acked >= 500', true],
    // sets
    ['orders-0.isr == [3, 1]', true],
    ['orders-0.isr == [1, 3, 3]', true],
    ['orders-0.isr == [1]', false],
    ['orders-0.isr != [1, 2, 3]', true],
    ['orders-0.isr == [broker-1, broker-3]', true],
    ['orders-0.elr == []', true],
    ['1 in orders-0.isr', true],
    ['$dead in [2, 3]', false],
    ['broker-1.state in [running, fenced]', true],
    ['orders-0.isr includes 1', true],
    ['orders-0.isr includes [1, 3]', true],
    ['orders-0.isr includes [1, 2]', false],
    ['orders-0.isr includes $others', false],
    ['orders-0.isr excludes 2', true],
    ['orders-0.isr excludes $dead', false],
    ['orders-0.isr excludes [2, 3]', false],
    ['orders-0.elr excludes 1', true],
    ['orders-0.isr.size == 2', true],
    // durations
    ['orders-0.unavailableFor < 9s', true],
    ['orders-0.unavailableFor > 8s', true],
    ['orders-0.unavailableFor == 8.27s', true],
    ['web.p99 <= 12500us', true],
    ['orders-0.unavailableFor > 0', true],
    ['orders-0.unavailableFor + 1s == 9270ms', true],
    ['orders-0.unavailableFor / 2 < 5s', true],
    ['orders-0.unavailableFor / 1s > 8', true],
    ['2 * web.p99 == 25ms', true],
    // numbers calculated
    ['web.acked - 100 == 4 * 100', true],
    ['web.acked / 0 > 1000', false],
    // matches
    ['web.lastError matches LEADER', true],
    ['web.lastError matches "^NOT_.*FOLLOWER$"', true],
    ['web.lastError matches "^LEADER"', false],
    ['orders-1.leader matches "."', false],
    // booleans
    ['orders-0.available', true],
    ['not orders-1.available', true],
    ['orders-1.available == false', true],
    ['true', true],
    ['false or orders-0.available and true', true],
    ['not (orders-0.available and orders-1.available)', true],
  ])('%s is %s', (text, truth) => {
    expect(holds(text)).toBe(truth);
  });

  test('what is not a number gives none in a calculation', () => {
    expect(compileValue(parseValue('orders-1.leader + 1'), resolver).read()).toBeNull();
  });

  test('`becomes` waits for the change: it does not hold where it held from the beginning', () => {
    let state: Value = 'running';
    const living: Resolver = {
      ...resolver,
      path: (text, args, span) =>
        text === 'x.state' ? { type: 'name', read: () => state, domains: new Set() } : resolver.path(text, args, span),
    };
    const condition = compileCondition(parseExpression('x.state becomes running').root, living);
    const seen = ['running', 'running', 'stopped', 'running', 'running'].map((next) => {
      state = next;
      return condition.test();
    });
    expect(seen).toEqual([false, false, false, true, true]);
  });

  test('`becomes` sees what happens while the other side of an `and` or `or` decides alone', () => {
    let state: Value = 'running';
    let other = false;
    const living: Resolver = {
      ...resolver,
      path: (text, args, span) => {
        if (text === 'x.state') return { type: 'name', read: () => state, domains: new Set() };
        if (text === 'x.on') return { type: 'boolean', read: () => other, domains: new Set() };
        return resolver.path(text, args, span);
      },
    };
    const condition = compileCondition(parseExpression('x.on and x.state becomes running').root, living);
    state = 'stopped';
    expect(condition.test()).toBe(false);
    state = 'running';
    other = true;
    expect(condition.test()).toBe(true);
  });

  test('says what it saw and what it wanted', () => {
    const tell = (text: string) => {
      const { observed, expected } = compileCondition(parseExpression(text).root, resolver);
      return [observed(), expected()];
    };
    expect(tell('orders-0.leader != $dead')).toEqual(['1', '!= 1']);
    expect(tell('orders-0.isr == [1, 2]')).toEqual(['[1, 3]', '== [1, 2]']);
    expect(tell('orders-0.unavailableFor < 5s')).toEqual(['8.27s', '< 5s']);
    expect(tell('orders-1.leader == 2 or orders-1.available')).toEqual(['none or false', '== 2 or true']);
    expect(tell('not orders-0.available')).toEqual(['true', 'not true']);
  });
});

describe('mistakes', () => {
  /** The message, the text that it points at, and the hint. */
  function mistake(text: string): readonly [message: string, pointedAt: string, hint: string | undefined] {
    try {
      compileCondition(parseExpression(text).root, resolver);
    } catch (thrown) {
      if (!(thrown instanceof ExpressionError)) throw thrown;
      return [thrown.message, text.slice(thrown.span.start, thrown.span.end), thrown.hint];
    }
    throw new Error(`"${text}" is no mistake`);
  }

  test.each([
    ['orders-0.leader = 1', '"=" does not compare', '=', 'did you mean "=="?'],
    ['web.acked', 'this is a value, not a condition', 'web.acked', 'compare it: VALUE == VALUE, VALUE < VALUE …'],
    [
      'web.acked + 1',
      'this is a value, not a condition',
      'web.acked + 1',
      'compare it: VALUE == VALUE, VALUE < VALUE …',
    ],
    ['orders-0.unavailableFor < 5', 'a duration is compared with a number', '5', 'durations carry a unit: 5s, 200ms'],
    ['web.acked < 5s', 'a number is compared with a duration', '5s', undefined],
    ['orders-0.isr < 3', '"<" does not order sets', 'orders-0.isr < 3', 'use .size, includes, excludes, in'],
    ['web.acked includes 3', '"includes" needs a set on its left', 'web.acked', undefined],
    ['1 in web.acked', '"in" needs a set on its right', 'web.acked', 'for example [1, 2]'],
    ['broker-1.state + 1 == 2', '"+" calculates with numbers and durations only', 'broker-1.state', undefined],
    ['web.lastError matches "("', '"(" is not a regular expression', '"("', undefined],
    ['web.lastError matches 5', '"matches" needs a quoted regular expression', '5', undefined],
    ['web.acked ==', 'the expression ends where a value is expected', '', undefined],
    ['web.acked == and', '"and" stands where a value is expected', 'and', undefined],
    ['(web.acked == 1', 'the expression ends where ")" is expected', '', undefined],
    ['web.acked == 1)', '")" stands where an operator, within, for, or the end is expected', ')', undefined],
    ['web.acked == 1 within', 'the expression ends where a duration such as 10s is expected', '', undefined],
    ['web.acked == 1 within 5', '"5" stands where a duration such as 10s is expected', '5', undefined],
    [
      'web.acked == 1 for 5s within 3s',
      '"within" stands where an operator, within, for, or the end is expected',
      'within',
      undefined,
    ],
    ['web.acked == 1 within { raft: 5s }', '"raft:" stands where kraft or zookeeper is expected', 'raft:', undefined],
    [
      'web.acked == 5x',
      '"5x" is neither a number nor a duration',
      '5x',
      'durations are written 200us, 50ms, 5s, 1m30s, 2h',
    ],
    ['web.acked == "five', 'this quotation mark is not closed', '"five', undefined],
    ['web.errors(NAME == 1', 'this parenthesis is not closed', '(NAME == 1', undefined],
    ['web.acked == 1 ; true', '";" has no meaning here', ';', undefined],
    ['$ == 1', 'a name must follow $', '$', undefined],
    ['web.acked == -broker-1', 'only a number or a duration can be negative', '-broker-1', undefined],
  ])('%s', (text, message, pointedAt, hint) => {
    expect(mistake(text)).toEqual([message, pointedAt, hint]);
  });
});

describe('monitors', () => {
  /** `0:F 3:T 7:F` → the condition's value from each of these microseconds on. Judged at each change and at each deadline, as the watches do. */
  function judged(history: string, make: (test: () => boolean) => Monitor, endUs: number): string {
    const changes = history.split(' ').map((change) => {
      const [at, value] = change.split(':');
      return { at: Number(at), value: value === 'T' };
    });
    let value = changes[0]!.value;
    const monitor = make(() => value);
    let next = 1;
    let nowUs = 0;
    for (;;) {
      const judgement = monitor.judge(nowUs);
      if (judgement !== 'pending') return `${judgement} at ${nowUs}`;
      const { deadlineUs } = monitor;
      const change = changes[next];
      const dueUs = deadlineUs !== undefined && deadlineUs > nowUs ? deadlineUs : Number.POSITIVE_INFINITY;
      if (Math.min(change?.at ?? Number.POSITIVE_INFINITY, dueUs) > endUs) return 'pending';
      // At one and the same moment the change comes before the look at a deadline.
      if (change !== undefined && change.at <= dueUs) {
        nowUs = change.at;
        value = change.value;
        next += 1;
      } else nowUs = dueUs;
    }
  }

  test.each([
    // now
    ['0:T', {}, 'passed at 0'],
    ['0:F 1:T', {}, 'failed at 0'],
    // within
    ['0:T', { withinUs: 10 }, 'passed at 0'],
    ['0:F 4:T', { withinUs: 10 }, 'passed at 4'],
    ['0:F 10:T', { withinUs: 10 }, 'passed at 10'],
    ['0:F 11:T', { withinUs: 10 }, 'failed at 10'],
    ['0:F 4:T 5:F', { withinUs: 10 }, 'passed at 4'],
    // for
    ['0:T', { forUs: 5 }, 'passed at 5'],
    ['0:F 1:T', { forUs: 5 }, 'failed at 0'],
    ['0:T 3:F 4:T', { forUs: 5 }, 'failed at 3'],
    ['0:T 5:F', { forUs: 5 }, 'passed at 5'],
    ['0:T 4:F', { forUs: 5 }, 'failed at 4'],
    // within … for …
    ['0:F 4:T', { withinUs: 10, forUs: 5 }, 'passed at 9'],
    ['0:F 10:T', { withinUs: 10, forUs: 5 }, 'passed at 15'],
    ['0:F 11:T', { withinUs: 10, forUs: 5 }, 'failed at 10'],
    ['0:F 2:T 4:F 6:T', { withinUs: 10, forUs: 5 }, 'passed at 11'],
    ['0:F 8:T 12:F 13:T', { withinUs: 10, forUs: 5 }, 'failed at 12'],
    ['0:T 3:F 20:T', { withinUs: 10, forUs: 5 }, 'failed at 10'],
    ['0:T 5:F', { withinUs: 10, forUs: 5 }, 'passed at 5'],
  ])('expect: %s in %o: %s', (history, window, outcome) => {
    expect(judged(history, (holdsNow) => expectation(holdsNow, window, 0), 100)).toBe(outcome);
  });

  const ALWAYS: readonly (readonly [string, number, number, number | undefined, string])[] = [
    // history, grace, from, until
    ['0:T', 0, 0, undefined, 'pending'],
    ['0:F', 0, 0, undefined, 'failed at 0'],
    ['0:T 7:F', 0, 0, undefined, 'failed at 7'],
    ['0:T 7:F', 5, 0, undefined, 'failed at 13'],
    ['0:T 7:F 12:T', 5, 0, undefined, 'pending'],
    ['0:T 7:F 13:T', 5, 0, undefined, 'failed at 13'],
    ['0:F 3:T 4:F 8:T 9:F 14:T', 5, 0, undefined, 'pending'],
    // from
    ['0:F 4:T', 0, 5, undefined, 'pending'],
    ['0:F', 0, 5, undefined, 'failed at 5'],
    ['0:F 8:T', 5, 5, undefined, 'pending'],
    ['0:T 3:F 5:T', 0, 5, undefined, 'pending'],
    // until
    ['0:T 7:F', 0, 0, 7, 'failed at 7'],
    ['0:T 8:F', 0, 0, 7, 'passed at 8'],
    ['0:T 3:F', 5, 0, 7, 'passed at 8'],
    ['0:T 1:F', 5, 0, 7, 'failed at 7'],
  ];
  test.each(ALWAYS)('always: %s, grace %d, from %d until %s: %s', (history, graceUs, fromUs, untilUs, outcome) => {
    expect(judged(history, (holdsNow) => invariantCondition(holdsNow, graceUs, fromUs, untilUs), 100)).toBe(outcome);
  });
});

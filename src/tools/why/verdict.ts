/** Why a check failed: the chains of the values that it speaks of, or of the event that broke a promise. */

import type { Node } from '../../cluster/expression/ast.ts';
import { compileCondition } from '../../cluster/expression/compile.ts';
import { parseExpression } from '../../cluster/expression/parser.ts';
import { formatValue } from '../../cluster/expression/value.ts';
import type { Spoken } from '../../cluster/observables/resolve.ts';
import type { LedgerEntry } from '../../cluster/ports.ts';
import type { VerbRunner } from '../../cluster/verb-runner.ts';
import type { EventId, TraceEvent } from '../../kernel/api.ts';
import { chainLines, momentText } from './answer.ts';
import { storyOf } from './chain.ts';
import { decideSpoken } from './deciders/index.ts';
import { entryDecision } from './deciders/ledger.ts';
import { findEvent } from './subject.ts';
import type { Why } from './telling.ts';
import { TELLINGS } from './tellings/index.ts';

const MOST_VALUES = 3;
const MOST_RELATED = 6;

/** For each value in an expression: what it is, and the chain behind it; the latest events about it, where no chain is known. */
export function expressionCauses(expression: string, runner: VerbRunner, why: Why): readonly string[] {
  const spoken = new Map<string, Spoken>();
  const resolver = runner.resolver('finally', (one) => void spoken.set(one.path, one));
  for (const part of broken(parseExpression(expression).root, runner)) compileCondition(part, resolver);
  const told = [...spoken.values()].slice(0, MOST_VALUES).map((one) => valueCauses(one, runner, why));
  return told.some(({ length }) => length > 1) ? told.flat() : related(expression, why);
}

/** Of parts that must all hold those that do not; all of them, if they do now. */
function broken(root: Node, runner: VerbRunner): readonly Node[] {
  const parts = conjuncts(root);
  const failing = parts.filter((part) => !compileCondition(part, runner.resolver('finally')).test());
  return failing.length > 0 ? failing : parts;
}

function conjuncts(node: Node): readonly Node[] {
  return node.kind === 'logic' && node.operator === 'and'
    ? [...conjuncts(node.left), ...conjuncts(node.right)]
    : [node];
}

function valueCauses(one: Spoken, { cluster }: VerbRunner, why: Why): readonly string[] {
  const { causes, remark } = decideSpoken(one, cluster, why);
  const note = remark === undefined || remark === '' ? '' : ` (${remark})`;
  return [
    `${one.path} is ${formatValue(one.read(), one.type)}${note}`,
    ...chainLines(storyOf(causes, why), why).map(trimmed),
  ];
}

const trimmed = (line: string): string => line.trim();

/** The latest events that mention something of a text; the latest at all, if none does. Oldest first. */
function related(text: string, why: Why): readonly string[] {
  const names = text.match(/[\w.]+-\d+|[a-z][\w-]{2,}(?=\.)/g) ?? [];
  const mentions = ({ node, values }: TraceEvent): boolean => {
    const words = `${node} ${values.join(' ')}`;
    return names.some((name) => words.includes(name));
  };
  const { notable } = why.history;
  const matching = notable.filter(mentions);
  return (matching.length > 0 ? matching : notable)
    .slice(-MOST_RELATED)
    .map((event) => `${momentText(event.atUs - why.zeroUs)}  ${TELLINGS[event.kind.name]!.say(event, why)}`);
}

/** What led to an event: its own chain, or that of the first event behind it that can be told. */
export function eventCauses(id: EventId, why: Why): readonly string[] {
  return chainLines(storyOf(findEvent(id, why).causes, why), why).map((line) => trimmed(line).replace(/\s\s+/g, ' '));
}

/** What decided that a record went astray. */
export function entryCauses(entry: LedgerEntry, why: Why): readonly string[] {
  return chainLines(storyOf(entryDecision(entry, why).decision.causes, why), why).map(trimmed);
}

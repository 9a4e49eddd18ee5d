/** What a person asks about: an event, an error, a lost record, or a value; and the event that decided it. */

import type { Cluster } from '../../cluster/cluster.ts';
import { compileValue } from '../../cluster/expression/compile.ts';
import { parseValue } from '../../cluster/expression/parser.ts';
import type { Value } from '../../cluster/expression/value.ts';
import { formatValue } from '../../cluster/expression/value.ts';
import type { SubjectKind } from '../../cluster/observables/observable.ts';
import { resolverFor } from '../../cluster/observables/resolve.ts';
import type { RunChecker } from '../../cluster/ports.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import { bareProperty, DECIDERS } from './deciders/index.ts';
import { text } from './fields.ts';
import type { Cause, Why } from './telling.ts';

export interface Asked {
  readonly cluster: Cluster;
  readonly checker: RunChecker | undefined;
  readonly binding: (name: string) => Value | undefined;
}

/** What was found: the head of the answer, and what decided it. */
export interface Finding {
  readonly head: string;
  readonly deciding: Cause;
}

/** Throws `ExpressionError` for a value that means nothing. */
export function find(subject: string, asked: Asked, why: Why): Finding {
  if (/^#\d+$/.test(subject)) return ofEvent(Number(subject.slice(1)), why);
  if (subject === 'lost') return lost(asked, why);
  if (/^[A-Z][A-Z0-9_]{4,}$/.test(subject)) return ofError(subject, why);
  const ofKind = why.history.latest(undefined, ({ kind }) => kind.name === subject);
  if (ofKind !== undefined) return { head: `the latest ${subject}`, deciding: ofKind };
  return ofValue(completed(subject, asked.cluster), asked, why) ?? mention(subject, why);
}

function ofEvent(id: number, { history }: Why): Finding {
  const event = history.trace.get(id);
  if (event === undefined) return { head: `there is no event #${id}, or it is not kept any more`, deciding: undefined };
  if (event.kind.level === 'notable' || event.kind.name === 'client-error-seen')
    return { head: `#${id} ${event.kind.name}`, deciding: event };
  // A message or an append is told by the first notable event behind it.
  for (let cause = history.trace.causeOf(id), hop = 0; cause > 0 && hop < 50; hop++) {
    const behind = history.trace.get(cause);
    if (behind?.kind.level === 'notable') return { head: `#${id} ${event.kind.name} followed from`, deciding: behind };
    cause = history.trace.causeOf(cause);
  }
  return {
    head: `#${id} ${event.kind.name} follows from the run of things: nothing notable is behind it`,
    deciding: undefined,
  };
}

function ofError(error: string, { history }: Why): Finding {
  const event =
    history.latestError(undefined, (seen) => text(seen, 'error') === error) ??
    history.latest(undefined, (other) => text(other, 'error') === error);
  if (event === undefined) return { head: `nobody has seen ${error}, as far as it is kept`, deciding: undefined };
  return { head: `the latest ${error}`, deciding: event };
}

/** Records that nobody can read any more, and the cut that took them. */
function lost({ checker }: Asked, why: Why): Finding {
  const entries = checker?.entries(Number.MAX_SAFE_INTEGER).filter(({ outcome }) => outcome === 'lost') ?? [];
  const cut = why.history.latestOf('log-truncated', undefined);
  if (entries.length === 0) {
    const head = 'no record is known to be lost (that can be judged after `settle`)';
    return cut === undefined ? { head, deciding: undefined } : { head: `${head}; but a log was cut`, deciding: cut };
  }
  const [first] = entries;
  const deciding = first!.events.flatMap((id) => why.history.trace.get(id) ?? []);
  const cutting =
    deciding.findLast(({ kind }) => kind.name === 'log-truncated') ?? cutOf(first!.partition, why) ?? deciding.at(-1);
  const others = entries.length === 1 ? '' : ` (and ${entries.length - 1} more)`;
  return {
    head: `${first!.client} #${first!.serial} of ${first!.partition} is lost${others}: ${first!.why}`,
    deciding: cutting,
  };
}

function cutOf(partition: string, { history }: Why): TraceEvent | undefined {
  return history.latestOf('log-truncated', undefined, (cut) => text(cut, 'partition') === partition);
}

/** A bare name stands for the value that people mean by it: `orders-0` for its leader. */
function completed(subject: string, { catalog }: Cluster): string {
  if (/[.(]/.test(subject)) return subject;
  const name = /^\d+$/.test(subject) ? `broker-${subject}` : subject;
  const property = bareProperty(name, catalog);
  return property === undefined ? name : `${name}.${property}`;
}

function ofValue(path: string, { cluster, binding }: Asked, why: Why): Finding | undefined {
  if (!path.includes('.')) return undefined;
  const subjects: { readonly kind: SubjectKind; readonly name: string }[] = [];
  const compiled = compileValue(
    parseValue(path),
    resolverFor({
      catalog: cluster.catalog,
      model: cluster.model,
      mode: cluster.mode,
      place: 'finally',
      binding,
      isBound: (name) => binding(name) !== undefined,
      onSubject: (kind, name) => void subjects.push({ kind, name }),
    }),
  );
  const observed = formatValue(compiled.read(), compiled.type);
  const [subject] = subjects;
  if (subject === undefined) return { head: `${path} is ${observed}`, deciding: undefined };
  const { property, argument, replica } = propertyOf(path);
  const decide = DECIDERS[subject.kind];
  const event = decide({ name: subject.name, property, argument, replica, model: cluster.model, cluster }, why);
  return { head: `${path} is ${observed}`, deciding: event };
}

/** `isr` of `orders-0@2.isr.size`, with the replica 2; `errors` of `web.errors(NAME)`, with its argument. */
function propertyOf(path: string) {
  const at = /@(\d+)\./.exec(path);
  const plain = path.replace(/^\w+\([^)]*\)/, '').replace(/(?<=\.\w+)\.size$/, '');
  const match = /\.(\w+)(?:\(([^)]*)\))?$/.exec(plain);
  return { property: match?.[1] ?? '', argument: match?.[2], replica: at === null ? undefined : Number(at[1]) };
}

/** Anything that has no value of its own: the latest event that speaks of it. */
function mention(subject: string, { history }: Why): Finding {
  const event = history.latest(
    undefined,
    ({ kind, node, values }) =>
      kind.name !== 'step-begun' && (node === subject || values.some((value) => value === subject)),
  );
  if (event === undefined) return { head: `nothing that is kept happened to ${subject}`, deciding: undefined };
  return { head: `the latest about ${subject}`, deciding: event };
}

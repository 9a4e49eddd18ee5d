/** What a person asks about: an event, an error, a record, or a value; and what decided it. */

import type { Cluster } from '../../cluster/cluster.ts';
import { compileValue } from '../../cluster/expression/compile.ts';
import { parseValue } from '../../cluster/expression/parser.ts';
import type { Value } from '../../cluster/expression/value.ts';
import { formatValue } from '../../cluster/expression/value.ts';
import { allNodes } from '../../cluster/names.ts';
import { OBSERVABLES } from '../../cluster/observables/index.ts';
import { resolverFor, type Spoken } from '../../cluster/observables/resolve.ts';
import type { LedgerEntry } from '../../cluster/ports.ts';
import type { EventId, TraceEvent } from '../../kernel/api.ts';
import { memberDecision } from './deciders/group.ts';
import { barePath, decideSpoken, isMember } from './deciders/index.ts';
import { entryDecision, recordName } from './deciders/ledger.ts';
import { counted, text } from './fields.ts';
import { errorNames, meant, subjectNames } from './suggest.ts';
import type { Decision, Why } from './telling.ts';
import { TELLINGS } from './tellings/index.ts';

export interface Asked {
  readonly cluster: Cluster;
  readonly binding: (name: string) => Value | undefined;
}

/** What was found: the head of the answer, and what decided it. */
export interface Finding extends Decision {
  readonly head: string;
}

/** Outcomes of records that can be asked for by their name. */
export const OUTCOMES: readonly LedgerEntry['outcome'][] = [
  'lost',
  'duplicated',
  'reordered',
  'unseen',
  'abortedRead',
  'indefinite',
  'failed',
];

const none = (head: string): Finding => ({ head, causes: [] });

/** Throws `ExpressionError` for a value that means nothing. */
export function find(subject: string, asked: Asked, why: Why): Finding {
  if (/^#\d+$/.test(subject)) return findEvent(Number(subject.slice(1)), why);
  const outcome = /^(\w+)(?:\s+(\d+))?$/.exec(subject);
  const named = OUTCOMES.find((known) => known === outcome?.[1]);
  if (named !== undefined) return ofOutcome(named, Number(outcome?.[2] ?? 1), why);
  const record = /^(\S+?)\s*#(\d+)$/.exec(subject);
  if (record !== null) return ofRecord(record[1]!, Number(record[2]), why);
  if (/^[A-Z][A-Z0-9_]{4,}$/.test(subject)) return ofError(subject, why);
  const isIt = ({ kind }: TraceEvent): boolean => kind.name === subject;
  const ofKind = why.history.latest(undefined, isIt) ?? why.history.latestDetail(undefined, isIt);
  if (ofKind !== undefined) return { head: `the latest ${subject}`, causes: [ofKind] };
  if (isMember(subject, asked.cluster.catalog)) {
    const member = memberDecision(subject, why);
    if (member !== undefined) return { head: member.owns, ...member.decision };
  }
  const bare = barePath(subject, asked.cluster);
  return (
    ofValue(bare ?? unique(subject, asked.cluster), plain(bare) ?? subject, asked, why) ?? mention(subject, asked, why)
  );
}

/** What can be told of an event: its chain, or that of the first event behind it which has one. */
export function findEvent(id: EventId, { history }: Why): Finding {
  const { trace } = history;
  const event = trace.get(id);
  if (event === undefined)
    return none(
      id < 1 || id > trace.count
        ? `there is no event #${id}: the latest is #${trace.count}`
        : `#${id} is not kept any more: of what is not notable only the latest is`,
    );
  if (TELLINGS[event.kind.name] !== undefined) return { head: `#${id} ${event.kind.name}`, causes: [event] };
  // A message or an append is told by the first notable event behind it.
  for (let cause = trace.causeOf(id), hop = 0; cause > 0 && hop < 50; hop++) {
    const behind = trace.get(cause);
    if (behind?.kind.level === 'notable') return { head: `#${id} ${event.kind.name} followed from`, causes: [behind] };
    cause = trace.causeOf(cause);
  }
  return none(`#${id} ${event.kind.name} follows from the run of things: nothing notable is behind it`);
}

function ofError(error: string, { history }: Why): Finding {
  const event =
    history.latestError(undefined, (seen) => text(seen, 'error') === error) ??
    history.latest(undefined, (other) => text(other, 'error') === error);
  if (event !== undefined) return { head: `the latest ${error}`, causes: [event] };
  const known = errorNames().includes(error) ? '' : meant(error, errorNames());
  return none(`nobody has seen ${error}, as far as it is kept${known}`);
}

/** The n-th record of those that ended so. */
function ofOutcome(outcome: LedgerEntry['outcome'], index: number, why: Why): Finding {
  const entries = why.entries(outcome);
  const entry = entries[index - 1];
  if (entry !== undefined) {
    const { head, decision } = entryDecision(entry, why);
    const more = entries.length === 1 ? '' : ` (${index} of ${entries.length}; \`ledger ${outcome}\` lists them)`;
    return { head: `${head}${more}`, ...decision };
  }
  if (entries.length > 0) return none(`only ${counted(entries.length, 'record')} ended ${outcome}`);
  const judged = outcome === 'lost' || outcome === 'unseen' ? ' (that can be judged after `settle`)' : '';
  const head = `no record is known to be ${outcome}${judged}`;
  const cut = outcome === 'lost' ? why.history.latestOf('log-truncated', undefined) : undefined;
  return cut === undefined ? none(head) : { head: `${head}; but a log was cut`, causes: [cut] };
}

function ofRecord(client: string, serial: number, why: Why): Finding {
  const entry = why.entries().find((known) => known.client === client && known.serial === serial);
  if (entry !== undefined) {
    const { head, decision } = entryDecision(entry, why);
    return { head, ...decision };
  }
  const clients = [...new Set(why.entries().map((known) => recordName(known)))];
  return none(
    `${client}#${serial} is not among the records that went astray, as far as it can be judged now${meant(`${client}#${serial}`, clients)}`,
  );
}

function ofValue(path: string, name: string, { cluster, binding }: Asked, why: Why): Finding | undefined {
  if (!path.includes('.')) return undefined;
  let spoken: Spoken | undefined;
  const compiled = compileValue(
    parseValue(path),
    resolverFor({
      catalog: cluster.catalog,
      model: cluster.model,
      mode: cluster.mode,
      place: 'finally',
      binding,
      isBound: (bound) => binding(bound) !== undefined,
      onSubject: (one) => {
        spoken ??= one;
      },
    }),
  );
  const head = `${name} is ${formatValue(compiled.read(), compiled.type)}`;
  return spoken === undefined ? none(head) : { head, ...decideSpoken(spoken, cluster, why) };
}

/** `broker-1.state` for `node(broker-1).state`. */
const plain = (path: string | undefined): string | undefined => path?.replace(/^\w+\((.+)\)\./, '$1.');

/** A group whose only member has its name: the group is meant, unless only nodes have such a value. */
function unique(path: string, { catalog }: Cluster): string {
  const [name, property] = path.split('.');
  const both = catalog.groups().has(name!) && allNodes(catalog).includes(name!);
  return both && OBSERVABLES.group.some((known) => known.name === property) ? `group(${name}).${property}` : path;
}

/** Anything that has no value of its own: the latest event that speaks of it. */
function mention(subject: string, { cluster }: Asked, why: Why): Finding {
  const event = why.history.latest(
    undefined,
    ({ kind, node, values }) =>
      kind.name !== 'step-begun' && (node === subject || values.some((value) => value === subject)),
  );
  if (event === undefined)
    return none(`nothing that is kept happened to ${subject}${meant(subject, subjectNames(cluster))}`);
  return { head: `the latest about ${subject}`, causes: [event] };
}

/** What the prompt answers itself: questions about the cluster, which change nothing in it. */
import type { RunChecker } from '../cluster/ports.ts';
import { VERBS, verbNamed } from '../cluster/verbs/index.ts';
import { sentence } from './causes.ts';
import { TOOLS, toolCalled, toolNamed } from './kafka/index.ts';
import { toolHelp } from './kafka/tool.ts';
import type { Reply, Session } from './session.ts';
import { settle } from './settle.ts';
import { healthOf, nodesOf, partitionsOf } from './view.ts';
import { answer, whyOf } from './why/explain.ts';

interface BuiltIn {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  /** It does something to the cluster. */
  readonly acts?: true;
  /** Answers at once, or undefined, and calls `done` in a later event. */
  answer(session: Session, rest: string, done: (reply: Reply) => void): Reply | undefined;
}

const answered = (...lines: readonly string[]): Reply => ({ ok: true, lines });
const refused = (line: string): Reply => ({ ok: false, lines: [line] });

/** What a timeline answers (`src/scenario/time-lines.ts`) comes here only where there is none. */
const noTimeline = (): Reply =>
  refused(
    'time goes only forwards here: `kzsim up`, `kzsim repl` and `kzsim replay` can move in it, and save a session',
  );

const TIME_LINES: readonly BuiltIn[] = [
  {
    name: 'time',
    usage: 'time [WHAT]',
    about:
      'virtual time since the cluster was ready; pause, resume, step [5s], back [5s], goto 12.5s, goto #EVENT, now, speed 10x',
    answer: (session, rest) => (rest === '' ? answered(session.time) : noTimeline()),
  },
  {
    name: 'branches',
    usage: 'branches',
    about: 'the ways that time took: acting in the past begins another',
    answer: noTimeline,
  },
  { name: 'checkout', usage: 'checkout BRANCH', about: 'goes to the latest moment of a branch', answer: noTimeline },
  { name: 'save', usage: 'save FILE', about: 'writes what was typed on this branch as a scenario', answer: noTimeline },
  { name: 'history', usage: 'history', about: 'what was typed on this branch, and when', answer: noTimeline },
  {
    name: 'reset-cluster',
    usage: 'reset-cluster',
    about: 'an empty cluster again, on a branch of its own',
    answer: noTimeline,
  },
];

export const BUILT_INS: readonly BuiltIn[] = [
  {
    name: 'status',
    usage: 'status',
    about: 'health, nodes and partitions',
    answer: (session) => answered(...statusLines(session)),
  },
  { name: 'events', usage: 'events [N]', about: 'the latest events (20)', answer: events },
  {
    name: 'why',
    usage: 'why SUBJECT',
    about: 'what decided a value, event, error or loss: why orders-0.leader, why #1234, why lost',
    answer: why,
  },
  { name: 'ledger', usage: 'ledger', about: 'what became of every record sent', answer: (session) => ledger(session) },
  {
    name: 'settle',
    usage: 'settle',
    about: 'heals everything, and waits until every replica holds the same: then `ledger` knows what is lost',
    acts: true,
    answer(session, _rest, done) {
      settle(session, done);
      return undefined;
    },
  },
  ...TIME_LINES,
  {
    name: 'help',
    usage: 'help [VERB]',
    about: 'verbs and tools, or one of them with examples',
    answer: (_session, rest) => help(rest),
  },
  {
    name: 'exit',
    usage: 'exit',
    about: 'ends the session (also quit, Ctrl-D)',
    answer: () => ({ ok: true, lines: [], exit: true }),
  },
];

/** Answers a line that is no verb's; false, and nothing happens, if it is. */
export function builtIn(session: Session, line: string, done: (reply: Reply) => void): boolean {
  const [word, ...rest] = line.split(/\s+/);
  const found = BUILT_INS.find(({ name }) => name === (word === 'quit' ? 'exit' : word));
  if (found === undefined) return false;
  const reply = found.answer(session, rest.join(' '), done);
  if (reply !== undefined) done(reply);
  return true;
}

/** Whether a line only asks. */
export function isQuestion(line: string): boolean {
  const word = line.split(/\s/, 1)[0];
  return word === 'quit' || BUILT_INS.some(({ name, acts }) => name === word && acts !== true);
}

export function statusLines({ cluster, time }: Session): readonly string[] {
  const { model, options } = cluster;
  const health = healthOf(model, options).map(({ label, value }) => `${label} ${value}`);
  const nodes = nodesOf(model, options).map(({ name, state, role, leaders }) =>
    `  ${name.padEnd(16)} ${state.padEnd(9)} ${leaders === null ? '' : `leads ${leaders}`} ${role}`.trimEnd(),
  );
  const partitions = partitionsOf(model).map(
    ({ name, leader, leaderEpoch, isr, highWatermark, health: state }) =>
      `  ${name.padEnd(16)} leader ${leader < 0 ? 'none' : leader}  epoch ${leaderEpoch}  ISR ${isr.join(',')}  HW ${highWatermark ?? '-'}  ${state}`,
  );
  return [`${cluster.mode}, ${time}`, health.join('  '), ...nodes, ...partitions];
}

function events({ events: all, cluster }: Session, rest: string): Reply {
  const count = rest === '' ? 20 : Number(rest);
  if (!Number.isInteger(count) || count < 1) return refused('events takes a number: events 50');
  return answered(...all.slice(-count).map((event) => sentence(event, cluster.zeroUs ?? 0)));
}

/** The chain behind a value, an event, an error or a lost record. Throws `ExpressionError` for a value that means nothing. */
function why({ history, cluster, checker, runner, author }: Session, rest: string): Reply {
  if (rest === '')
    return refused('why needs a subject: why orders-0.leader, why web.lastError, why broker-2, why #1234, why lost');
  const asked = { cluster, checker, binding: (name: string) => runner.bindings.get(name) };
  return answered(...answer(rest, asked, whyOf(cluster, history, author)));
}

function ledger({ checker }: Session): Reply {
  if (checker === undefined) return refused('nobody keeps a ledger of this cluster');
  const counts = Object.entries(checker.ledger()).map(([name, count]) => `${name} ${count}`);
  const records = checker
    .entries(20)
    .map(
      ({ client, serial, partition, outcome, why: reason }) =>
        `  ${client} #${serial} ${partition} ${outcome}: ${reason}`,
    );
  return answered(counts.join('  '), ...realClients(checker), ...records);
}

/** What the protocol shows of them: whether an application got what was fetched, nobody knows. */
function realClients(checker: RunChecker): readonly string[] {
  const lines = checker
    .clients()
    .map(
      ({ client, sent, acked, failed, fetched }) =>
        `  real client ${client === '' ? '(without client.id)' : client}: sent ${sent}  acked ${acked}  failed ${failed}  fetched ${fetched}`,
    );
  const forgotten = checker.forgotten();
  return forgotten === 0 ? lines : [...lines, `  ${forgotten} of their records are old, and not followed any more`];
}

function help(rest: string): Reply {
  if (rest === '')
    return answered(
      ...BUILT_INS.map(({ usage, about }) => `  ${usage.padEnd(18)} ${about}`),
      ...VERBS.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}`),
      ...TOOLS.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}`),
      'help VERB shows examples; behind any line can stand | grep, head, tail, wc or json',
    );
  const tool = toolNamed(toolCalled(rest) ?? '');
  if (tool !== undefined) return answered(...toolHelp(tool));
  const verb = verbNamed(rest);
  if (verb === undefined) return refused(`there is no verb "${rest}"; \`help\` lists them`);
  return answered(
    `${verb.name}: ${verb.summary}`,
    ...(verb.details === undefined ? [] : [verb.details]),
    ...verb.examples.map(({ prompt }) => `  ${prompt}`),
  );
}

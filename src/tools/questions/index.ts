/** What the prompt answers itself. */
import { VERBS, verbNamed } from '../../cluster/verbs/index.ts';
import { TOOLS, toolCalled, toolNamed } from '../kafka/index.ts';
import { toolHelp } from '../kafka/tool.ts';
import type { Reply, Session } from '../session.ts';
import { ZK_SUMMARY, zkHelp } from '../zk/help.ts';
import { cancel } from './cancel.ts';
import { events } from './events.ts';
import { ledger } from './ledger.ts';
import { metrics } from './metrics.ts';
import { answered, type Question, refused } from './question.ts';
import { settle } from './settle.ts';
import { status } from './status.ts';
import { timeLines } from './time-lines.ts';
import { unwatch } from './unwatch.ts';
import { watch } from './watch.ts';
import { why } from './why.ts';

export const QUESTIONS: readonly Question[] = [
  status,
  events,
  why,
  ledger,
  metrics,
  watch,
  unwatch,
  settle,
  cancel,
  ...timeLines,
  {
    name: 'help',
    usage: 'help [VERB]',
    about: 'verbs, questions and tools, or one of them with examples',
    completes: () => [...VERBS, ...QUESTIONS, ...TOOLS].map(({ name }) => name),
    answer: (_session, rest) => help(rest),
  },
  {
    name: 'exit',
    usage: 'exit',
    about: 'ends the session (also quit, Ctrl-D)',
    answer: () => ({ ok: true, lines: [], exit: true }),
  },
];

export function questionNamed(word: string): Question | undefined {
  return QUESTIONS.find(({ name }) => name === (word === 'quit' ? 'exit' : word));
}

/** Answers a line that is no verb's; false, and nothing happens, if it is. */
export function answerQuestion(session: Session, line: string, done: (reply: Reply) => void): boolean {
  const [word, ...rest] = line.split(/\s+/);
  const found = questionNamed(word!);
  if (found === undefined) return false;
  const reply = found.answer(session, rest.join(' '), done);
  if (reply !== undefined) done(reply);
  return true;
}

/** Whether a line only asks. */
export function isQuestion(line: string): boolean {
  const word = line.split(/\s/, 1)[0];
  return word === 'quit' || QUESTIONS.some(({ name, acts }) => name === word && acts !== true);
}

function help(rest: string): Reply {
  if (rest === '')
    return answered(
      ...QUESTIONS.map(({ usage, about }) => `  ${usage.padEnd(18)} ${about}`),
      ...VERBS.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}`),
      ...TOOLS.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}`),
      `  ${'zk'.padEnd(18)} ${ZK_SUMMARY}`,
      'help VERB shows examples; behind any line can stand | grep, head, tail, wc or json',
    );
  const [word, ...more] = rest.split(/\s+/);
  if (word === 'zk') return zkHelp(more[0]);
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

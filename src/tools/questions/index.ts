/** What the prompt answers itself. */
import { VERBS, verbNamed } from '../../cluster/verbs/index.ts';
import { nearest } from '../../config/nearest.ts';
import { didYouMean } from '../did-you-mean.ts';
import { TOOLS, toolCalled, toolNamed } from '../kafka/index.ts';
import { toolHelp } from '../kafka/tool.ts';
import { noFilter } from '../pipes.ts';
import type { Reply, Session } from '../session.ts';
import { verbUsage } from '../verb-usage.ts';
import { splitPipes } from '../words.ts';
import { ZK_SUMMARY, zkHelp } from '../zk/help.ts';
import { cancel } from './cancel.ts';
import { diagram } from './diagram.ts';
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
  diagram,
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

/** Whatever a line can begin with beside a verb. */
export function firstWords(): readonly string[] {
  return [...[...QUESTIONS, ...TOOLS].map(({ name }) => name), 'zk'];
}

export function questionNamed(word: string): Question | undefined {
  return QUESTIONS.find(({ name }) => name === (word === 'quit' ? 'exit' : word));
}

/** Answers a line that is no verb's; false, and nothing happens, if it is. Throws `PipeError` for a filter that there is not. */
export function answerQuestion(session: Session, line: string, done: (reply: Reply) => void): boolean {
  const [word, ...rest] = line.split(/\s+/);
  const found = questionNamed(word!);
  if (found === undefined) return false;
  if (rest.length > 0 && !rest[0]!.startsWith('|') && found.usage === found.name) {
    done(refused(`${found.name} takes nothing behind it, and "${rest.join(' ')}" stands there`));
    return true;
  }
  const pieces = splitPipes(line) ?? [];
  if (pieces.length > 1) throw noFilter(pieces.at(-1)!.words[0] ?? '');
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
  const question = questionNamed(rest);
  if (question !== undefined)
    return answered(`${question.usage}: ${question.about}`, ...(question.examples ?? []).map((line) => `  ${line}`));
  const verb = verbNamed(rest);
  if (verb === undefined) {
    const meant = nearest(rest, [...VERBS.map(({ name }) => name), ...firstWords()]);
    return refused(`there is no "${rest}"${didYouMean(meant) || '; `help` lists what there is'}`);
  }
  return answered(
    `${verbUsage(verb)}: ${verb.summary}`,
    ...(verb.details === undefined ? [] : [verb.details]),
    ...verb.examples.map(({ prompt }) => `  ${prompt}`),
  );
}

/** Completion of everything that has a name: verbs, questions, tools, their options, and whatever may stand behind them. */
import { VERBS, verbNamed } from '../cluster/verbs/index.ts';
import { NO_PLACES, type Place, type Places } from './completion/places.ts';
import { toolWords } from './completion/tool.ts';
import { verbWords } from './completion/verb.ts';
import { zkWords } from './completion/zk.ts';
import { TOOLS, toolCalled, toolNamed } from './kafka/index.ts';
import { FILTERS } from './pipes.ts';
import { QUESTIONS, questionNamed } from './questions/index.ts';
import type { Session } from './session.ts';

/** What could stand where the cursor is. */
export interface Completion {
  /** Where the word that is completed begins. */
  readonly start: number;
  readonly items: readonly string[];
}

export type Completer = (text: string, cursor: number) => Completion;

/** Where nothing has a name. */
export const noCompletion: Completer = (_text, cursor) => ({ start: cursor, items: [] });

export function completer(session: Session, places: Places = NO_PLACES): Completer {
  return (text, cursor) => {
    const before = text.slice(0, cursor);
    // A word ends at whatever parts names; a sign that belongs to a name does not.
    const word = /[^\s(,=|[\]{}!<>"']*$/.exec(before)![0];
    const start = cursor - word.length;
    const items = wordsAt({ ...places, session, before: before.slice(0, start), word });
    return { start, items: [...new Set(items)].filter((item) => item.startsWith(word) && item !== word) };
  };
}

function wordsAt(place: Place): readonly string[] {
  const { before, word } = place;
  const [head = ''] = before.trimStart().split(/\s/, 1);
  if (head === '') return heads(word);
  // Behind `run` stands a line of its own.
  if (head === 'run') return wordsAt({ ...place, before: before.replace(/^\s*run\s+/, '') });
  const piped = pipedAt(before);
  if (piped !== undefined && head !== 'partition') {
    const fed = /^(echo|printf|cat)$/.test(head) && !/\|.*\|/.test(before);
    if (piped.trim() === '') return fed ? tools(word) : FILTERS;
    return fed ? wordsAt({ ...place, before: piped.trimStart() }) : [];
  }
  if (head === 'zk') return zkWords(place);
  const question = questionNamed(head);
  if (question !== undefined) return question.completes?.(place) ?? [];
  const tool = toolNamed(toolCalled(head) ?? '');
  if (tool !== undefined) return toolWords(tool, place);
  const verb = verbNamed(head);
  return verb === undefined ? [] : verbWords(verb, place);
}

/** What stands behind the last `|`. */
function pipedAt(before: string): string | undefined {
  const unquoted = before.replace(/"[^"]*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
  const at = unquoted.lastIndexOf('|');
  return at < 0 ? undefined : before.slice(at + 1);
}

function heads(word: string): readonly string[] {
  return [...VERBS.map(({ name }) => name), ...QUESTIONS.map(({ name }) => name), 'zk', ...tools(word)];
}

/** As the word has begun: `bin/kafka-topics.sh`, where somebody types it so. */
function tools(word: string): readonly string[] {
  const folder = /^.*\//.exec(word)?.[0] ?? '';
  const suffix = folder !== '' || /\.s?h?$/.test(word) ? '.sh' : '';
  return TOOLS.map(({ name }) => `${folder}${name}${name === 'kcat' ? '' : suffix}`);
}

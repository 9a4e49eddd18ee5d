/**
 * Answers four-letter words. A real server takes them at its client port; here they have a port of their own, because a server that
 * does not serve hangs up there on whoever comes, and yet answers these.
 */
import type { Connection, Context } from '../../../../kernel/api.ts';
import { wordNamed } from './index.ts';
import type { ServerView } from './view.ts';

export const WORDS_PORT = '2181 (words)';

export interface WordQuestion {
  readonly kind: 'word';
  readonly word: string;
}

/** What was asked, answered; the connection ends behind it. */
export interface WordAnswer {
  readonly kind: 'word-answer';
  readonly text: string;
}

const NOT_SERVING = 'This ZooKeeper instance is not currently serving requests\n';

/** `look` gives null where the server does not serve. It counts the packet. */
export function answerWords(context: Context, look: (asker: string) => ServerView | null): void {
  context.listen(WORDS_PORT, {
    onMessage(connection: Connection, message: unknown) {
      const { word } = message as WordQuestion;
      const view = look(`/${connection.remoteNode}:${connection.id}`);
      const known = wordNamed(word);
      const text = known === undefined ? '' : view === null ? (known.notServing ?? NOT_SERVING) : known.answer(view);
      connection.send({ kind: 'word-answer', text } satisfies WordAnswer);
      connection.close();
    },
    onClose() {},
  });
}

import type { CloseReason, Context } from '../../../kernel/api.ts';
import { WORDS_PORT, type WordAnswer, type WordQuestion } from '../ensemble/four-letter/listener.ts';

/** What a server said; `error` is why it said nothing. */
export type WordOutcome =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: CloseReason | 'silent' };

/** Asks one server for one word, and waits that long at most. `done` is called once, in a later event. */
export function askFourLetterWord(
  context: Context,
  server: string,
  question: { readonly word: string; readonly timeoutUs: number },
  done: (outcome: WordOutcome) => void,
): void {
  let over = false;
  const end = (outcome: WordOutcome): void => {
    if (over) return;
    over = true;
    timer.cancel();
    done(outcome);
  };
  const connection = context.connect(server, WORDS_PORT, {
    onOpen: (opened) => opened.send({ kind: 'word', word: question.word } satisfies WordQuestion),
    onMessage: (_connection, message) => end({ kind: 'answered', text: (message as WordAnswer).text }),
    onClose: (_connection, error) => end({ kind: 'failed', error }),
  });
  const timer = context.after(
    question.timeoutUs,
    () => {
      connection.reset();
      end({ kind: 'failed', error: 'silent' });
    },
    undefined,
  );
}

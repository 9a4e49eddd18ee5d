import { answer, whyOf } from '../why/explain.ts';
import { answered, type Question, refused } from './question.ts';

/** The chain behind a value, an event, an error or a lost record. Throws `ExpressionError` for a value that means nothing. */
export const why: Question = {
  name: 'why',
  usage: 'why SUBJECT',
  about: 'what decided a value, event, error or loss: why orders-0.leader, why #1234, why lost',
  answer({ history, cluster, checker, runner, author }, rest) {
    if (rest === '')
      return refused('why needs a subject: why orders-0.leader, why web.lastError, why broker-2, why #1234, why lost');
    const asked = { cluster, checker, binding: (name: string) => runner.bindings.get(name) };
    return answered(...answer(rest, asked, whyOf(cluster, history, author)));
  },
};

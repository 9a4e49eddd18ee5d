import { expressionWords } from '../completion/expression.ts';
import { answered, type Question } from './question.ts';

/** Throws `ExpressionError` for an expression that means nothing. */
export const watch: Question = {
  name: 'watch',
  usage: 'watch [EXPR]',
  about: 'tells, unasked, each change of a value or a condition: watch orders-0.leader; alone, lists what is watched',
  completes: (place) => expressionWords(place),
  answer({ watched }, rest) {
    if (watched.texts.includes(rest)) return answered(`${rest} is watched already`);
    if (rest !== '') return answered(`now ${rest} is ${watched.add(rest)}`);
    const lines = watched.lines();
    return answered(...(lines.length > 0 ? lines : ['nothing is watched: watch orders-0.leader']));
  },
};

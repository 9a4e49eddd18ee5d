import { nearest } from '../../config/nearest.ts';
import { answered, type Question, refused } from './question.ts';

export const unwatch: Question = {
  name: 'unwatch',
  usage: 'unwatch [N or EXPR]',
  about: 'watches it no more; alone, nothing any more',
  // What is watched may have blanks: only its beginning is a word.
  completes: ({ session, before }) =>
    /^\s*unwatch\s+$/.test(before) ? session.watched.texts.filter((text) => !/\s/.test(text)) : [],
  answer({ watched }, rest) {
    const { texts } = watched;
    if (texts.length === 0) return refused('nothing is watched: watch orders-0.leader');
    if (rest === '') {
      watched.clear();
      return answered(...texts.map((text) => `${text} is watched no more`));
    }
    const text = watched.remove(rest);
    if (text !== undefined) return answered(`${text} is watched no more`);
    const meant = nearest(rest, texts);
    return refused(
      `"${rest}" is not watched${meant === undefined ? '; `watch` lists what is' : ` - did you mean ${meant}?`}`,
    );
  },
};

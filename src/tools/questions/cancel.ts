import { answered, type Question, refused } from './question.ts';

export const cancel: Question = {
  name: 'cancel',
  usage: 'cancel',
  about: 'gives up the line that still runs, as Ctrl-C does: an expect that waits, a consumer',
  acts: true,
  answer(session) {
    const text = session.cancel();
    return text === undefined ? refused('nothing runs that could be cancelled') : answered();
  },
};

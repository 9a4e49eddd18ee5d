import { settle as settleCluster } from '../settle.ts';
import type { Question } from './question.ts';

export const settle: Question = {
  name: 'settle',
  usage: 'settle',
  about: 'heals everything, and waits until every replica holds the same: then `ledger` knows what is lost',
  acts: true,
  answer(session, _rest, done) {
    session.begin('settle');
    settleCluster(session, done);
    return undefined;
  },
};

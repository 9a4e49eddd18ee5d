import { sentence } from '../causes.ts';
import { answered, type Question, refused } from './question.ts';

const DEFAULT_COUNT = 20;

export const events: Question = {
  name: 'events',
  usage: 'events [N]',
  about: `the latest events (${DEFAULT_COUNT})`,
  answer({ events: all, cluster }, rest) {
    const count = rest === '' ? DEFAULT_COUNT : Number(rest);
    if (!Number.isInteger(count) || count < 1) return refused('events takes a number: events 50');
    return answered(...all.slice(-count).map((event) => sentence(event, cluster.zeroUs ?? 0)));
  },
};

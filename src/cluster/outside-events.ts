import { defineEvents } from '../kernel/api.ts';

/** What is told of real clients where no broker tells it. */
export const outsideEvents = defineEvents({
  'client-bytes-refused': {
    fields: ['connection', 'from', 'reason'],
    level: 'notable',
    about: 'A real client sent what cannot be a request; its connection is closed.',
  },
});

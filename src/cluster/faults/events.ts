import { defineEvents } from '../../kernel/api.ts';

/** What an operator's faults do that no machine tells. */
export const faultEvents = defineEvents({
  'request-intercepted': {
    fields: ['api', 'from', 'effect', 'handled'],
    level: 'notable',
    about:
      'An injected fault met a request at this broker; `effect` is the error, delay, disconnect or hang; `handled`: it took effect all the same.',
  },
});

import { defineEvents } from '../kernel/api.ts';

/** What the player of a scenario does; whatever a step breaks is caused by the step. */
export const scenarioEvents = defineEvents({
  'cluster-readied': {
    fields: ['mode', 'brokers', 'topics'],
    level: 'notable',
    about: 'Time 0: every broker serves, the topics exist, every partition has its leader.',
  },
  'step-begun': {
    fields: ['line', 'text'],
    level: 'notable',
    about: 'A step of the scenario runs; what follows from it has it as its cause.',
  },
  'step-ended': {
    fields: ['line', 'result', 'why'],
    level: 'detail',
    about: 'It is done, had no effect, failed, or gave up waiting.',
  },
  'expectation-judged': {
    fields: ['line', 'text', 'result', 'observed'],
    level: 'notable',
    about: 'Something that should be true was, or was not.',
  },
  'healing-begun': {
    fields: [],
    level: 'notable',
    about: 'The steps are over: every fault ends, every node runs again, producers stop.',
  },
  'cluster-converged': {
    fields: ['converged'],
    level: 'notable',
    about: 'Every replica holds what its leader holds; or the time for that was up.',
  },
});

import * as argument from './arguments.ts';
import { linkVerb } from './link-verb.ts';

export const delay = linkVerb({
  name: 'delay',
  summary: 'adds latency to a link',
  details: 'Added to what there is, in each direction that is named.',
  examples: [
    {
      yaml: 'delay: { between: [1, 2], latency: 200ms, jitter: 50ms }',
      prompt: 'delay --between 1,2 --latency 200ms --jitter 50ms',
    },
  ],
  own: { latency: argument.duration(), jitter: argument.duration().default(0) },
  effect: ({ latency, jitter }) => ({ kind: 'delay', latencyUs: latency, jitterUs: jitter }),
});

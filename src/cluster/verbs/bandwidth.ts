import * as argument from './arguments.ts';
import { linkVerb } from './link-verb.ts';

export const bandwidth = linkVerb({
  name: 'bandwidth',
  summary: 'limits how much a link carries',
  examples: [
    {
      yaml: 'bandwidth: { between: [1, all(brokers)], limit: 1MiB/s }',
      prompt: 'bandwidth --between 1,all(brokers) --limit 1MiB/s',
    },
  ],
  own: { limit: argument.throughput() },
  effect: ({ limit }) => ({ kind: 'bandwidth', bytesPerSecond: limit }),
});

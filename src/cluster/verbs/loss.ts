import * as argument from './arguments.ts';
import { linkVerb } from './link-verb.ts';

export const loss = linkVerb({
  name: 'loss',
  summary: 'loses a share of the packets of a link',
  details: 'Kafka speaks TCP: nothing is lost for good; it is seen as retransmission delay.',
  examples: [{ yaml: 'loss: { between: [1, 2], rate: 5% }', prompt: 'loss --between 1,2 --rate 5%' }],
  own: { rate: argument.share() },
  effect: ({ rate }) => ({ kind: 'loss', numerator: rate.numerator, denominator: rate.denominator }),
});

import { endingVerb } from './end-transaction.ts';

export const commit = endingVerb({
  name: 'commit',
  summary: "commits a client's open transaction, and waits until its coordinator has said so",
  details: 'The client begins the next one at once. Readers of committed records may see the records a moment later.',
  examples: [{ yaml: 'commit: etl', prompt: 'commit etl' }],
});

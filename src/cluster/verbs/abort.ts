import { endingVerb } from './end-transaction.ts';

export const abort = endingVerb({
  name: 'abort',
  summary: "aborts a client's open transaction, and waits until its coordinator has said so",
  details: 'What was sent in it stays in the logs, and readers of committed records pass over it.',
  examples: [{ yaml: 'abort: etl', prompt: 'abort etl' }],
});

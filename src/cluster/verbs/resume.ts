import { processVerb } from './process-verb.ts';

export const resume = processVerb({
  name: 'resume',
  summary: 'lets a paused process go on, as SIGCONT does',
  examples: [{ yaml: 'resume: broker-2', prompt: 'resume broker-2' }],
  fault: false,
  accept: ({ cluster }, node) => cluster.model.nodes.state(node) === 'paused',
  act: ({ cluster }, node) => cluster.nodes.get(node)!.control.resume(),
  unchanged: 'it was not paused',
});

import { clientVerb } from './client-verb.ts';

export const startClient = clientVerb({
  name: 'startClient',
  summary: 'starts a client that does not run: one that `start: false` held back, or that ended',
  examples: [{ yaml: 'startClient: web', prompt: 'startClient web' }],
  act(run, nodes) {
    const started = nodes.filter((node) => run.cluster.start(node));
    if (started.length === 0) run.noEffect(nodes, 'it ran already');
    else run.done({ resolved: started });
  },
});

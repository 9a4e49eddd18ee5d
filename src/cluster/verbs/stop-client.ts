import { clientVerb } from './client-verb.ts';
import { ended } from './stop.ts';

export const stopClient = clientVerb({
  name: 'stopClient',
  summary: 'closes a client in an orderly way, and waits until it has ended',
  details: 'A producer flushes what it was given; a consumer commits and leaves its group.',
  examples: [{ yaml: 'stopClient: billing', prompt: 'stopClient billing' }],
  act(run, nodes) {
    const asked = nodes.filter((node) => run.cluster.nodes.get(node)!.control.terminate());
    if (asked.length === 0) return run.noEffect(nodes, 'it did not run');
    run.until(
      () => asked.every((node) => ended(run, node)),
      (inTime) => (inTime ? run.done({ resolved: asked }) : run.fail('it did not end in time')),
    );
  },
});

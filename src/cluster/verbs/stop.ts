import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb, VerbRun } from './verb.ts';

const args = z.strictObject({ target: argument.target() });

/** Whether a node's process has ended. */
export function ended(run: VerbRun, node: string): boolean {
  return ['stopped', 'off'].includes(run.cluster.model.nodes.state(node));
}

export const stop: Verb<typeof args> = {
  name: 'stop',
  family: 'processes',
  summary: 'asks a process to end, as SIGTERM does, and waits until it has',
  details:
    'A broker does a controlled shutdown: it hands over its leaderships first. A client leaves its group and flushes.',
  examples: [{ yaml: 'stop: broker-2', prompt: 'stop broker-2' }],
  subject: 'target',
  args,
  fault: true,
  timeoutUs: 330_000_000,
  apply(run, { target }) {
    run.targets(target, (nodes) => {
      const asked = nodes.filter((node) => run.cluster.nodes.get(node)!.control.terminate());
      if (asked.length === 0) return run.noEffect(nodes, 'it did not run');
      const undo = () => {
        for (const node of asked) run.cluster.start(node);
      };
      run.until(
        () => asked.every((node) => ended(run, node)),
        (inTime) => {
          if (inTime) run.done({ resolved: nodes, effect: { name: 'stop', nodes: asked, healable: false, undo } });
          else run.fail(`${asked.filter((node) => !ended(run, node)).join(', ')} did not end in time`);
        },
      );
    });
  },
};

import { z } from 'zod';
import * as argument from './arguments.ts';
import { ended } from './stop.ts';
import type { Verb, VerbRun } from './verb.ts';

const args = z.strictObject({
  target: argument.target().default('brokers'),
  pause: argument.duration().default(0),
  noWait: argument.on().default(false),
});

/** Every broker serves, and every ISR holds all replicas. */
function settled(run: VerbRun, node: string): boolean {
  const { model } = run.cluster;
  if (!model.serving.has(node)) return false;
  for (const record of model.authority.partitions.values())
    if (record.isr.length < record.replicas.length) return false;
  return true;
}

export const rollingRestart: Verb<typeof args> = {
  name: 'rollingRestart',
  family: 'processes',
  summary: 'stops and starts brokers one after another, waiting in between until every ISR is full',
  details:
    'The active controller comes last. `pause` waits that much more between two brokers; `noWait: true` does not wait for the ISRs.',
  examples: [{ yaml: 'rollingRestart: brokers\n  pause: 10s', prompt: 'rollingRestart brokers --pause 10s' }],
  subject: 'target',
  args,
  fault: true,
  timeoutUs: 3_600_000_000,
  apply(run, { target, pause, noWait }) {
    const { cluster } = run;
    run.targets(target, (nodes) => {
      const controller = cluster.model.authority.controller?.node;
      const order = [...nodes.filter((node) => node !== controller), ...nodes.filter((node) => node === controller)];
      const next = (index: number): void => {
        const node = order[index];
        if (node === undefined) return run.done({ resolved: order });
        if (!cluster.nodes.get(node)!.control.terminate()) return run.fail(`${node} did not run`);
        run.until(
          () => ended(run, node),
          (stopped) => {
            if (!stopped) return run.fail(`${node} did not stop in time`);
            cluster.start(node);
            run.until(
              () => noWait || settled(run, node),
              (healed) => {
                if (!healed) return run.fail(`${node} was back, but not every ISR was full in time`);
                if (index + 1 === order.length || pause === 0) next(index + 1);
                else run.after(pause, () => next(index + 1));
              },
            );
          },
        );
      };
      next(0);
    });
  },
};

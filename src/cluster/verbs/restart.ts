import { z } from 'zod';
import * as argument from './arguments.ts';
import { ended } from './stop.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ target: argument.target(), clean: argument.on().default(true) });

export const restart: Verb<typeof args> = {
  name: 'restart',
  family: 'processes',
  summary: 'stops a node and starts it again',
  details: 'With `clean: false` it is killed instead of stopped. Ends when the new process runs.',
  examples: [{ yaml: 'restart: broker-2\n  clean: false', prompt: 'restart broker-2 --clean false' }],
  subject: 'target',
  args,
  fault: true,
  timeoutUs: 330_000_000,
  apply(run, { target, clean }) {
    run.targets(target, (nodes) => {
      const asked = nodes.filter((node) => {
        const { control } = run.cluster.nodes.get(node)!;
        return clean ? control.terminate() : control.kill();
      });
      if (asked.length === 0) return run.noEffect(nodes, 'it did not run');
      run.until(
        () => asked.every((node) => ended(run, node)),
        (inTime) => {
          if (!inTime) return run.fail(`${asked.filter((node) => !ended(run, node)).join(', ')} did not end in time`);
          for (const node of asked) run.cluster.start(node);
          run.done({ resolved: nodes });
        },
      );
    });
  },
};

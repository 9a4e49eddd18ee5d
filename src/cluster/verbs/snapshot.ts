import { z } from 'zod';
import { snapshotOf } from '../snapshot.ts';
import { formatDuration } from '../units.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ name: argument.text() });

export const snapshot: Verb<typeof args> = {
  name: 'snapshot',
  family: 'control',
  summary: 'keeps the state of the cluster at this moment under a name',
  details:
    'It goes into the report of a scenario (`--json`): nodes, partitions and groups. At the prompt, `time goto NAME` comes back to this moment.',
  examples: [{ yaml: 'snapshot: before', prompt: 'snapshot before' }],
  subject: 'name',
  args,
  fault: false,
  apply(run, { name }) {
    const { cluster } = run;
    cluster.snapshots.set(name, snapshotOf(cluster));
    run.done({
      resolved: [],
      output: [`${name} is ${formatDuration(cluster.timeUs)}: \`time goto ${name}\` comes back`],
    });
  },
};

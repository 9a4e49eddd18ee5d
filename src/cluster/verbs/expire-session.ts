import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ target: argument.target() });

export const expireSession: Verb<typeof args> = {
  name: 'expireSession',
  family: 'coordination',
  summary: "ends a broker's session, as if it had been silent for too long",
  details:
    'The process runs on. ZooKeeper mode: its znode goes, it learns so when it next hears from the ensemble, and registers anew with a new epoch. KRaft ' +
    'mode: it is fenced, and its next heartbeat unfences it.',
  examples: [{ yaml: 'expireSession: broker-1', prompt: 'expireSession broker-1' }],
  subject: 'target',
  args,
  fault: true,
  apply(run, { target }) {
    const { cluster } = run;
    run.targets(
      target,
      (nodes) => {
        const authorities = cluster.authorities.active((node) => cluster.model.nodes.state(node) === 'running');
        const brokers = nodes.map((node) => Number(node.slice('broker-'.length)));
        const expired = brokers.filter((id) => authorities.some((authority) => authority.expireSession(id)));
        if (expired.length === 0) run.noEffect(nodes, 'it has no session that could end');
        else run.done({ resolved: nodes });
      },
      (node) => node.startsWith('broker-'),
    );
  },
};

import { z } from 'zod';
import * as argument from './arguments.ts';
import type { Verb, VerbRun } from './verb.ts';

const args = z.strictObject({ target: argument.target().optional(), session: argument.text().optional() });

export const expireSession: Verb<typeof args> = {
  name: 'expireSession',
  family: 'coordination',
  summary: "ends a broker's session, as if it had been silent for too long",
  details:
    'The process runs on. ZooKeeper mode: its znode goes, it learns so when it next hears from the ensemble, and registers anew with a new epoch. KRaft ' +
    'mode: it is fenced, and its next heartbeat unfences it. `session` names a session of ZooKeeper that is no broker’s, such as that of `zk` at the prompt.',
  examples: [
    { yaml: 'expireSession: broker-1', prompt: 'expireSession broker-1' },
    {
      yaml: 'expireSession: { session: "0x600000000001" }',
      prompt: 'expireSession --session 0x600000000001',
    },
  ],
  subject: 'target',
  args,
  fault: true,
  apply(run, { target, session }) {
    const { cluster } = run;
    if (session !== undefined) return expireOne(run, session);
    if (target === undefined)
      return run.fail('expireSession takes a broker, or --session with the id of a session of ZooKeeper');
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

function expireOne(run: VerbRun, session: string): void {
  const { authorities, model } = run.cluster;
  const known = [...model.sessions.all.keys()];
  if (!known.includes(session))
    return run.fail(
      `there is no session ${session}: ${known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`}`,
    );
  const leaders = authorities.active((node) => model.nodes.state(node) === 'running');
  if (leaders.some((leader) => leader.endSession?.(session) === true)) run.done({ resolved: [] });
  else run.noEffect([], 'the ensemble has no leader that could end it');
}

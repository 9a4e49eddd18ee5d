import { z } from 'zod';
import type { Verb } from './verb.ts';

const args = z.strictObject({});

export const moveController: Verb<typeof args> = {
  name: 'moveController',
  family: 'coordination',
  summary: 'has the active controller resign, and waits until another one is active',
  details:
    'KRaft: the leader of the quorum resigns, and the voters elect. ZooKeeper: its znode goes, and every broker tries to create it.',
  examples: [{ yaml: 'moveController: {}', prompt: 'moveController' }],
  subject: null,
  args,
  fault: true,
  apply(run) {
    const { cluster } = run;
    const { authority, nodes } = cluster.model;
    const before = authority.controller;
    const resigned = cluster.authorities
      .active((node) => nodes.state(node) === 'running')
      .filter((handle) => handle.resign());
    if (resigned.length === 0) return run.noEffect([], 'no node is the active controller');
    run.until(
      () => authority.controller !== null && authority.controller.epoch > (before?.epoch ?? -1),
      (inTime) =>
        inTime
          ? run.done({ resolved: [authority.controller!.node] })
          : run.fail('no other controller became active in time'),
    );
  },
};

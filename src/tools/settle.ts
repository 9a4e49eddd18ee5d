/** Heals a cluster and waits until it has converged, so that what was lost can be judged. */
import { Healing } from '../cluster/healing.ts';
import type { Reply, Session } from './session.ts';

/** How long the replicas may take to hold the same, in virtual time. */
const LIMIT_US = 600_000_000;

export function settle(session: Session, done: (reply: Reply) => void): void {
  const { cluster, checker, runner } = session;
  const { world } = cluster;
  const healing = new Healing(cluster);
  healing.begin();
  const deadlineUs = world.nowUs + LIMIT_US;
  runner.watches.add(new Set(['authority', 'nodes', 'replicas', 'logs', 'clients', 'time'] as const), (nowUs) => {
    const missing = healing.whyNot();
    if (missing !== '' && nowUs < deadlineUs) return { nextUs: deadlineUs };
    healing.end();
    checker?.finish(world.nowUs);
    if (missing === '') done({ ok: true, lines: ['every node runs, every replica holds what its leader holds'] });
    else done({ ok: false, lines: [`the cluster did not converge: ${missing}`] });
    return 'done';
  });
}

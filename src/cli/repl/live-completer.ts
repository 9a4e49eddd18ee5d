import type { LiveCluster } from '../../gateway/live-cluster.ts';
import { momentNames } from '../../scenario/snapshots.ts';
import { type Completer, completer } from '../../tools/complete.ts';

/** Names of the present: of the cluster that there is now, and of the ways that time took. */
export function liveCompleter(live: LiveCluster): Completer {
  return (text, cursor) =>
    completer(live.session, {
      branches: () => live.timeline.branches.all.map(({ name }) => name),
      snapshots: () => momentNames(live.timeline),
    })(text, cursor);
}

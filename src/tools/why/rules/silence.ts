/**
 * Who is not heard has a reason that no message carries: it died, it stood still, a link was cut, a request was swallowed. The trace
 * names no cause for a silence, so it is looked for: the first thing that went wrong with the silent one once it was last heard.
 */
import { OUTSIDE_NODE } from '../../../cluster/outside.ts';
import type { Micros, TraceEvent } from '../../../kernel/api.ts';
import { list, text } from '../fields.ts';
import type { Why } from '../telling.ts';
import { latestCommand } from './command.ts';

const SILENCERS: readonly string[] = [
  'process-killed',
  'process-stopped',
  'machine-powered-off',
  'process-paused',
  'process-slowed',
  'disk-slowed',
  'disk-failed',
];
const ENDERS: readonly string[] = ['process-started', 'process-resumed'];

/** Whether a rule over links concerns a node; one that names nobody may. */
export function concerns(rule: TraceEvent, node: string): boolean {
  const nodes = list(rule, 'nodes');
  return nodes.length === 0 || nodes.includes(node);
}

interface Silence {
  readonly node: string;
  /** World time at which it was last heard. */
  readonly sinceUs: Micros;
  /** Who missed it: it may have been cut off itself. */
  readonly listener?: string;
  /** Api whose requests may have been swallowed by an injected fault. */
  readonly api?: string;
}

/** What silenced a node from `sinceUs` on, as far as it happened before an event; undefined: nobody broke anything. */
export function silencer(event: TraceEvent, why: Why, silence: Silence): TraceEvent | undefined {
  const { node, sinceUs, listener, api } = silence;
  const own = faultsOf(node, event, why, sinceUs, true);
  const found = own ?? (listener === undefined ? undefined : faultsOf(listener, event, why, sinceUs, false));
  if (found !== undefined) return found;
  return api === undefined ? undefined : latestCommand(event, why, new RegExp(`^inject ${api}\\b`));
}

/** The first fault after the node was last heard; else the latest one that was still on then. */
function faultsOf(
  node: string,
  { id }: TraceEvent,
  { history }: Why,
  sinceUs: Micros,
  processes: boolean,
): TraceEvent | undefined {
  let first: TraceEvent | undefined;
  let revived = false;
  const lifted: string[] = [];
  for (let index = history.notable.length - 1; index >= 0; index--) {
    const event = history.notable[index]!;
    const { name } = event.kind;
    if (event.id >= id) continue;
    const before = event.atUs <= sinceUs;
    if (before && first !== undefined) return first;
    if (before && event.node === node && ENDERS.includes(name)) revived = true;
    else if (before && name === 'link-rule-removed') lifted.push(text(event, 'rule'));
    else if (name === 'link-rule-installed' && concerns(event, node)) {
      const at = lifted.indexOf(text(event, 'rule'));
      if (at >= 0) lifted.splice(at, 1);
      else first = event;
    } else if (processes && event.node === node && SILENCERS.includes(name) && !(before && revived)) first = event;
    if (before && first !== undefined) return first;
  }
  return first;
}

/** Whether a node's process runs no more, or stands still, just before an event: what did it. */
export function stoppedBy(node: string, event: TraceEvent, why: Why): TraceEvent | undefined {
  const latest = why.history.latest(
    event.id,
    (other) =>
      other.node === node && (ENDERS.includes(other.kind.name) || SILENCERS.slice(0, 4).includes(other.kind.name)),
  );
  return latest !== undefined && !ENDERS.includes(latest.kind.name) ? latest : undefined;
}

/** The node of a client: a simulated one is a node itself, all real ones live on the same. */
export function nodeOfClient(client: string, { history }: Why): string {
  const started = history.latestOf('process-started', undefined, ({ node }) => node === client);
  return started === undefined ? OUTSIDE_NODE : client;
}

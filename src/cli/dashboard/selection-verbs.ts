/** What a capital letter does to what is selected: a line as somebody would type it. */
import type { DashboardView } from '../../tools/view.ts';
import type { ActionKey } from './keymap.ts';

/** Undefined: that is not for this kind of thing. */
export function lineFor(action: ActionKey, key: string, view: DashboardView): string | undefined {
  const [kind, ...rest] = key.split(':');
  const name = rest.join(':');
  switch (kind) {
    case 'node':
      return onNode(action, name, view.nodes.find((node) => node.name === name)?.state);
    case 'partition':
      return onLeader(action, name, view);
    case 'client':
      return onClient(action, name);
    default:
      return undefined;
  }
}

export const ACTS_ON = 'K, S, R and P act on a node, on a partition’s leader or on a client: select one with ↑ ↓ first';

function onNode(action: ActionKey, name: string, state: string | undefined): string {
  switch (action) {
    case 'K':
      return `kill ${name}`;
    case 'S':
      return `stop ${name}`;
    case 'P':
      return `${state === 'paused' ? 'resume' : 'pause'} ${name}`;
    case 'R':
      return state === 'paused' ? `resume ${name}` : `${state === 'running' ? 'restart' : 'start'} ${name}`;
  }
}

/** Where nobody leads, the last of the ISR is what is missing. */
function onLeader(action: ActionKey, name: string, view: DashboardView): string | undefined {
  const partition = view.partitions.find((candidate) => candidate.name === name);
  if (partition === undefined) return undefined;
  if (partition.leader >= 0) {
    const leader = `broker-${partition.leader}`;
    const { state } = view.nodes.find((node) => node.name === leader) ?? {};
    return onNode(action, state === 'running' ? `leader(${name})` : leader, state);
  }
  const missing = view.nodes.find(
    (node) => partition.isr.some((id) => node.name === `broker-${id}`) && node.state !== 'running',
  );
  return missing === undefined ? undefined : onNode(action, missing.name, missing.state);
}

function onClient(action: ActionKey, name: string): string {
  switch (action) {
    case 'K':
      return `kill ${name}`;
    case 'S':
      return `stopClient ${name}`;
    case 'P':
      return `pause ${name}`;
    case 'R':
      return `startClient ${name}`;
  }
}

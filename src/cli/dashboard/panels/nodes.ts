import type { NodeRow } from '../../../tools/view.ts';
import type { Panel } from '../panel.ts';
import { keyed, type Line, matches, pad, padLeft, SIGNS } from '../text.ts';

export const nodes: Panel = {
  name: 'nodes',
  side: 'left',
  shown: () => true,
  help: "Enter shows a node's replicas and requests; filter by state or role: stopped, controller",
  wish: ({ nodes }) => nodes.length + 1,
  lines(view, { columns, rows, filter }) {
    const name = Math.max(8, ...view.nodes.map((node) => node.name.length));
    const epoch = columns >= 44 ? Math.max(6, ...view.nodes.map((node) => epochText(node).length + 1)) : 0;
    const cpu = columns >= 50;
    const head =
      `  ${pad('node', name)} ${pad('state', 9)}${epoch > 0 ? padLeft('epoch', epoch) : ''}${padLeft('leads', 6)}` +
      `${cpu ? padLeft('CPU', 6) : ''}`;
    // Where not all fit, those that are not well come first.
    const shown = view.nodes.length + 1 <= rows ? view.nodes : [...view.nodes].sort((a, b) => gravity(b) - gravity(a));
    return [
      [{ text: head, tone: 'dim' }],
      ...shown
        .filter((node) => matches(filter, `${node.name} ${node.state} ${node.role}`))
        .map((node) => row(node, { name, epoch, cpu })),
    ];
  },
};

const gravity = ({ tone }: NodeRow): number => (tone === 'bad' ? 2 : tone === 'warn' ? 1 : 0);

/** A broker epoch of ZooKeeper mode is a zxid, and is read as one. */
export function epochText({ epoch }: Pick<NodeRow, 'epoch'>): string {
  if (epoch === null) return '-';
  return epoch > 0xffffffff ? `0x${epoch.toString(16)}` : String(epoch);
}

export const cpuText = (permille: number | null): string =>
  permille === null ? '-' : `${(permille / 10).toFixed(1)}%`;

/** Without epoch and CPU where there is no room for them. */
function row(node: NodeRow, widths: { readonly name: number; readonly epoch: number; readonly cpu: boolean }): Line {
  return keyed(`node:${node.name}`, [
    { text: SIGNS[node.tone], tone: node.tone },
    { text: ` ${pad(node.name, widths.name)} ` },
    { text: pad(node.state, 9), tone: node.tone },
    ...(widths.epoch > 0 ? [{ text: padLeft(epochText(node), widths.epoch), tone: 'dim' as const }] : []),
    { text: padLeft(node.leaders === null ? '' : String(node.leaders), 6) },
    ...(widths.cpu ? [{ text: padLeft(cpuText(node.cpu), 6), tone: 'dim' as const }] : []),
    { text: node.role === '' ? '' : ` ${node.role}`, bold: true },
  ]);
}

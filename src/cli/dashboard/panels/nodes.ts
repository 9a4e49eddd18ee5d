import type { NodeRow } from '../../../tools/view.ts';
import type { Panel } from '../panel.ts';
import { type Line, pad, padLeft, SIGNS } from '../text.ts';

export const nodes: Panel = {
  name: 'nodes',
  shown: () => true,
  wish: ({ nodes }) => nodes.length + 1,
  lines(view, { columns, rows }) {
    const wide = columns >= 44;
    const name = Math.max(8, ...view.nodes.map((node) => node.name.length));
    const epoch = wide ? Math.max(6, ...view.nodes.map((node) => epochText(node).length + 1)) : 0;
    const head: Line = [
      {
        text: `  ${pad('node', name)} ${pad('state', 9)}${wide ? padLeft('epoch', epoch) : ''}${padLeft('leads', 6)}`,
        tone: 'dim',
      },
    ];
    // Where not all fit, those that are not well come first.
    const shown = view.nodes.length + 1 <= rows ? view.nodes : [...view.nodes].sort((a, b) => gravity(b) - gravity(a));
    return [head, ...shown.map((node) => row(node, name, epoch))];
  },
};

const gravity = ({ tone }: NodeRow): number => (tone === 'bad' ? 2 : tone === 'warn' ? 1 : 0);

/** A broker epoch of ZooKeeper mode is a zxid, and is read as one. */
function epochText({ epoch }: NodeRow): string {
  if (epoch === null) return '-';
  return epoch > 0xffffffff ? `0x${epoch.toString(16)}` : String(epoch);
}

/** Without an epoch where there is no room for one. */
function row(node: NodeRow, nameColumns: number, epochColumns: number): Line {
  return [
    { text: SIGNS[node.tone], tone: node.tone },
    { text: ` ${pad(node.name, nameColumns)} ` },
    { text: pad(node.state, 9), tone: node.tone },
    ...(epochColumns > 0 ? [{ text: padLeft(epochText(node), epochColumns), tone: 'dim' as const }] : []),
    { text: padLeft(node.leaders === null ? '' : String(node.leaders), 6) },
    { text: node.role === '' ? '' : ` ${node.role}`, bold: true },
  ];
}

/** Every panel, one line each, in the order in which Tab walks them. */
import type { Panel } from '../panel.ts';
import { clients } from './clients.ts';
import { nodes } from './nodes.ts';
import { partitions } from './partitions.ts';
import { quorum } from './quorum.ts';
import { steps } from './steps.ts';
import { timeline } from './timeline.ts';
import { transactions } from './transactions.ts';

export { header } from './header.ts';
export const PANELS: readonly Panel[] = [nodes, partitions, steps, clients, transactions, quorum, timeline];

export const panelNamed = (name: string): Panel | undefined => PANELS.find((panel) => panel.name === name);

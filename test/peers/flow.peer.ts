import { flowSuite } from '../clients/flow-suite.ts';
import { PEERS } from './peers.ts';

for (const { name, install } of PEERS)
  for (const mode of ['kraft', 'zookeeper'] as const) flowSuite(name, mode, install);

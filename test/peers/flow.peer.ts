import { flowSuite } from '../clients/flow-suite.ts';
import { PEERS } from './peers.ts';

for (const { name, modes, install } of PEERS) for (const mode of modes) flowSuite(name, mode, install);

/** The kinds of coordination that the contract is held against: one entry each. */
import { createHash } from 'node:crypto';
import { resolveConfig } from '../../../src/config/config.ts';
import type { BrokerCoordination, BrokerIdentity } from '../../../src/coordinator/index.ts';
import { kraftCoordination } from '../../../src/coordinator/kraft/broker/kraft-coordination.ts';
import { controllerProgram } from '../../../src/coordinator/kraft/controller/controller-program.ts';
import { kraftSettings } from '../../../src/coordinator/kraft/settings-from-config.ts';
import { zookeeperEnsemble } from '../../../src/coordinator/zookeeper/ensemble/server.ts';
import { AuthorityTranslator } from '../../../src/coordinator/zookeeper/kafka/authority.ts';
import { createZooKeeperCoordination } from '../../../src/coordinator/zookeeper/kafka/broker-side.ts';
import { zooKeeperModeSettings } from '../../../src/coordinator/zookeeper/kafka/settings.ts';
import { hostHashing } from '../../../src/gateway/hashing.ts';
import type { Context, ProgramFactory } from '../../../src/kernel/api.ts';
import type { RpcSettings } from '../../../src/rpc/api.ts';

export const digest = () => {
  const hash = createHash('sha256');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => hash.digest('hex') };
};

export interface CoordinationMode {
  readonly name: string;
  /** Nodes beside the brokers, with what they run. */
  readonly quorum: readonly { readonly node: string; readonly program: ProgramFactory }[];
  coordination(context: Context, identity: BrokerIdentity): BrokerCoordination;
  /** The node of the active controller is one of the brokers. */
  readonly controllerIsBroker: boolean;
  /** How long it may take until a killed broker's leaders have moved. */
  readonly detectsWithinMs: number;
}

export const MODES: readonly ((rpc: RpcSettings) => CoordinationMode)[] = [kraft, zookeeper];

function kraft(rpc: RpcSettings): CoordinationMode {
  const voters = [1001, 1002, 1003].map((id) => ({ id, node: `controller-${id}` }));
  const settings = kraftSettings(resolveConfig('broker', {}, { version: '4.2' }));
  const cluster = { clusterId: 'contractClusterAAAAAAA', voters, settings };
  return {
    name: 'kraft',
    quorum: voters.map(({ id, node }) => ({ node, program: controllerProgram({ cluster, nodeId: id, rpc }) })),
    coordination: (context, identity) => kraftCoordination(context, { cluster, identity, rpc }),
    controllerIsBroker: false,
    detectsWithinMs: 10_300,
  };
}

function zookeeper(rpc: RpcSettings): CoordinationMode {
  const nodes = ['zk-1', 'zk-2', 'zk-3'];
  const settings = zooKeeperModeSettings(resolveConfig('broker', {}, { version: '3.9' }));
  const authority = new AuthorityTranslator();
  const programs = zookeeperEnsemble({
    servers: nodes.map((node, index) => ({ sid: index + 1, node })),
    tickTimeMs: 2000,
    initLimit: 10,
    syncLimit: 5,
    onCommit: authority.onCommit,
  });
  return {
    name: 'zookeeper',
    quorum: [...programs].map(([node, program]) => ({ node, program })),
    coordination: (context, identity) =>
      createZooKeeperCoordination(context, {
        clusterId: 'contractClusterAAAAAAA',
        identity,
        rpc,
        servers: nodes,
        internalPort: '9091',
        settings,
        hashing: hostHashing,
      }),
    controllerIsBroker: true,
    detectsWithinMs: 22_000,
  };
}

import { kraftCoordination } from '../coordinator/kraft/broker/kraft-coordination.ts';
import { controllerProgram } from '../coordinator/kraft/controller/controller-program.ts';
import type { KraftCluster } from '../coordinator/kraft/settings.ts';
import { kraftSettings } from '../coordinator/kraft/settings-from-config.ts';
import type { CoordinationAssembly, CoordinationParts } from './assembly.ts';
import { quorumNodes } from './options.ts';

/** A KRaft quorum: controllers of their own, or in the brokers' processes. */
export function assembleKraft({
  options,
  rpc,
  config,
  clusterId,
  onAuthority,
  hashing,
}: CoordinationParts): CoordinationAssembly {
  const voters = quorumNodes(options).map((node) => ({ id: Number(node.slice(node.lastIndexOf('-') + 1)), node }));
  const cluster: KraftCluster = {
    clusterId,
    voters,
    settings: kraftSettings(config),
    hashing,
    onController: onAuthority,
  };
  return {
    // In a combined cluster the brokers' own programs stand in the place of these.
    programs: new Map(voters.map(({ id, node }) => [node, controllerProgram({ cluster, nodeId: id, rpc })])),
    coordination: (context, identity) => kraftCoordination(context, { cluster, identity, rpc }),
  };
}

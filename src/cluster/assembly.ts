/**
 * Which programs a cluster's nodes run. The only place that names both kinds of coordination; everything else knows the
 * interface of `coordinator/index.ts`.
 */
import { startBroker } from '../broker/broker.ts';
import { groupCoordinator } from '../broker/groups/coordinator.ts';
import { listenerPort } from '../broker/listeners.ts';
import type { Principals } from '../broker/security/identities.ts';
import { transactionCoordinator } from '../broker/transactions/coordinator.ts';
import type { Config, Overrides } from '../config/config.ts';
import { brokerConfig } from '../config/resources.ts';
import type { AuthorityHandle, BrokerCoordination, BrokerIdentity } from '../coordinator/index.ts';
import type { Context, ProgramFactory } from '../kernel/api.ts';
import type { Compression, Hashing } from '../protocol/ports.ts';
import type { Release } from '../protocol/schema.ts';
import type { RpcSettings } from '../rpc/api.ts';
import { assembleKraft } from './assembly-kraft.ts';
import { assembleZooKeeper } from './assembly-zookeeper.ts';
import { defaultRelease } from './kafka-version.ts';
import { brokerNode, type ClusterOptions, clientListeners } from './options.ts';

const CLUSTER_ID = 'kzsimClusterAAAAAAAAAA';

export interface Assembly {
  readonly release: Release;
  readonly clusterConfig: Config;
  program(node: string): ProgramFactory;
  disks(node: string): number;
  /** Where a client finds an advertised address. */
  resolve(host: string, port: number): { readonly node: string; readonly port: string };
  /** Advertised addresses of all brokers, for simulated clients. */
  readonly bootstrap: readonly { readonly host: string; readonly port: number }[];
}

/** What each kind of coordination brings. */
export interface CoordinationAssembly {
  /** Of the quorum's nodes. */
  readonly programs: ReadonlyMap<string, ProgramFactory>;
  coordination(context: Context, identity: BrokerIdentity): BrokerCoordination;
}

export interface CoordinationParts extends Parts {
  readonly clusterId: string;
  readonly onAuthority: (handle: AuthorityHandle) => void;
  readonly hashing: Hashing | undefined;
}

/** Prepares the programs of every node; nothing runs yet. `onAuthority` is given what an operator may do to those who decide. */
export function assemble(
  options: ClusterOptions,
  rpc: RpcSettings,
  ports: Pick<CoordinationParts, 'onAuthority' | 'hashing' | 'compression' | 'principals'>,
): Assembly {
  const release = options.kafkaVersion ?? defaultRelease(options.mode);
  const config = brokerConfig(options.config, {
    version: release,
    timers: options.timers === 'fast' ? 'fast' : 'real',
  });
  const { onAuthority, hashing, compression, principals } = ports;
  const parts: Parts = { options, rpc, compression, hashing, release, config, principals };
  const assembleCoordination = options.mode === 'kraft' ? assembleKraft : assembleZooKeeper;
  const { programs: quorum, coordination } = assembleCoordination({
    ...parts,
    clusterId: CLUSTER_ID,
    onAuthority,
    hashing,
  });
  const programs = new Map(quorum);
  const identities = options.brokers.map((_, index) => identityOf(options, index));
  for (const identity of identities) programs.set(identity.node, brokerProgram(parts, identity, coordination));
  const addresses = identities.flatMap(({ node, endpoints }) =>
    endpoints.map(({ name, host, port }) => ({ node, kernelPort: listenerPort(name), host, port })),
  );
  return {
    release,
    clusterConfig: config,
    program(node) {
      const program = programs.get(node);
      if (program === undefined) throw new Error(`no program for ${node}`);
      return program;
    },
    disks: (node) => options.brokers.find(({ id }) => brokerNode(id) === node)?.logDirs ?? 1,
    resolve(host, port) {
      const found = addresses.find((address) => address.host === host && address.port === port);
      if (found === undefined) throw new Error(`no broker advertises ${host}:${port}`);
      return { node: found.node, port: found.kernelPort };
    },
    bootstrap: identities.map(({ endpoints }) => endpoints[0]!),
  };
}

interface Parts {
  readonly options: ClusterOptions;
  readonly rpc: RpcSettings;
  readonly compression: Compression;
  readonly release: Release;
  readonly config: Config;
  readonly principals: Principals;
  readonly hashing: Hashing | undefined;
}

function identityOf(options: ClusterOptions, index: number): BrokerIdentity {
  const { id, rack } = options.brokers[index]!;
  const endpoints = clientListeners(options).map(({ name, securityProtocol, host, ports }) => ({
    name,
    securityProtocol,
    host,
    port: ports[index]!,
  }));
  return { id, node: brokerNode(id), endpoints, rack };
}

function brokerProgram(
  { options, rpc, compression, hashing, release, config, principals }: Parts,
  identity: BrokerIdentity,
  coordination: (context: Context, identity: BrokerIdentity) => BrokerCoordination,
): ProgramFactory {
  const own = config.with(ownSettings(identity));
  return (context) =>
    startBroker(context, {
      identity,
      clusterId: CLUSTER_ID,
      release,
      config: own,
      rpc,
      compression,
      partitionMemoryBytes: options.partitionMemoryBytes,
      coordination: coordination(context, identity),
      coordinators: [groupCoordinator, transactionCoordinator],
      principals,
      users: options.users,
      hashing,
    });
}

/** What stands in a broker's `server.properties` that is not the same in all. */
function ownSettings({ id, rack, endpoints }: BrokerIdentity): Overrides {
  const listeners = endpoints.map(({ name, host, port }) => `${name}://${host}:${port}`).join(',');
  return { 'broker.id': id, 'node.id': id, 'broker.rack': rack, 'advertised.listeners': listeners };
}

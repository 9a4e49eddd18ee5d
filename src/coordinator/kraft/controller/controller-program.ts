/** The process of a controller node: a voter of the quorum, its port, and the controller that is active on one of them. */
import { type Context, DiskError, type Program, type ProgramFactory } from '../../../kernel/api.ts';
import type { RpcSettings } from '../../../rpc/api.ts';
import { serve } from '../../../rpc/server.ts';
import { openMember } from '../quorum/open-member.ts';
import type { QuorumListener, QuorumMember, RoleChange } from '../quorum/quorum-member.ts';
import { CONTROLLER_PORT, type KraftCluster } from '../settings.ts';
import { ControllerService } from './controller-service.ts';
import { QuorumController } from './quorum-controller.ts';
import type { ControllerConfig } from './state.ts';

export interface ControllerOptions {
  readonly cluster: KraftCluster;
  readonly nodeId: number;
  readonly rpc: RpcSettings;
}

export function controllerProgram(options: ControllerOptions): ProgramFactory {
  return (context) => {
    try {
      return new ControllerProcess(context, options);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      context.exit(1, `the metadata log directory failed: ${error.message}`);
      return {};
    }
  };
}

/** A voter with its controller, on the controllers' port. The caller starts it; `alongside` hears what the controller hears. */
export function openController(
  context: Context,
  { cluster, nodeId, rpc }: ControllerOptions,
  alongside: readonly QuorumListener[],
): QuorumMember {
  const controller = new QuorumController(context, controllerConfig(cluster), {
    lingerMs: cluster.settings.appendLingerMs,
    hashing: cluster.hashing,
  });
  const listener = alongside.length === 0 ? controller : new Listeners([controller, ...alongside]);
  const member = openMember(context, { cluster, nodeId, rpc, listener });
  controller.attach(member);
  serve(context, CONTROLLER_PORT, new ControllerService(context, member, controller), rpc);
  cluster.onController?.(controller.handle());
  return member;
}

class Listeners implements QuorumListener {
  private readonly all: readonly QuorumListener[];

  constructor(all: readonly QuorumListener[]) {
    this.all = all;
  }
  onRole(change: RoleChange): void {
    for (const one of this.all) one.onRole(change);
  }
  onHighWatermark(offset: number): void {
    for (const one of this.all) one.onHighWatermark(offset);
  }
  onAppendRefused(epoch: number): void {
    for (const one of this.all) one.onAppendRefused(epoch);
  }
}

class ControllerProcess implements Program {
  private readonly context: Context;
  private readonly member: QuorumMember;

  constructor(context: Context, options: ControllerOptions) {
    this.context = context;
    this.member = openController(context, options, []);
    this.member.start();
  }

  terminate(): void {
    this.member.shutdown(() => this.context.exit(0, 'terminated'));
  }
}

export function controllerConfig({ clusterId, voters, settings }: KraftCluster): ControllerConfig {
  return {
    clusterId,
    voters: voters.map(({ id }) => id),
    sessionTimeoutMs: settings.brokerSessionTimeoutMs,
    defaultPartitions: settings.defaultPartitions,
    defaultReplicationFactor: settings.defaultReplicationFactor,
    minInsyncReplicas: settings.minInsyncReplicas,
    uncleanLeaderElection: settings.uncleanLeaderElection,
    deleteTopicEnable: settings.deleteTopicEnable,
    autoLeaderRebalance: settings.autoLeaderRebalance,
    leaderImbalanceCheckIntervalMs: settings.leaderImbalanceCheckIntervalMs,
    uncleanElectionIntervalMs: settings.uncleanElectionIntervalMs,
    maxIdleIntervalMs: settings.maxIdleIntervalMs,
    features: new Map(settings.features.map(({ name, initial }) => [name, initial])),
    supportedFeatures: settings.features,
    checkTopicConfig: settings.checkTopicConfig,
    checkBrokerConfig: settings.checkBrokerConfig,
    effectiveTopicSettings: settings.effectiveTopicSettings,
    checkGroupConfig: settings.checkGroupConfig,
    checkDynamic: settings.checkDynamic,
    listDefault: settings.listDefault,
    hasAuthorizer: settings.hasAuthorizer,
  };
}

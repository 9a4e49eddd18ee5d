/** A broker that does as the controller says: LeaderAndIsr, StopReplica and UpdateMetadata become metadata deltas, in order. */
import type { Context } from '../../../kernel/api.ts';
import { LeaderAndIsr, type LeaderAndIsrRequest } from '../../../protocol/apis/04-leader-and-isr.ts';
import { StopReplica, type StopReplicaRequest } from '../../../protocol/apis/05-stop-replica.ts';
import { UpdateMetadata, type UpdateMetadataRequest } from '../../../protocol/apis/06-update-metadata.ts';
import { ErrorCode, errorName } from '../../../protocol/errors.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import type { ServerRequest } from '../../../rpc/api.ts';
import { authorityEvents, type MetadataDelta } from '../../index.ts';
import type { ConfigWatch } from './config-watch.ts';
import { zookeeperModeEvents } from './events.ts';
import type { MetadataCache } from './metadata-cache.ts';
import {
  applyChanges,
  decideLeaderAndIsr,
  decideStopReplica,
  ReplicaRoles,
  type RoleChanges,
  requestError,
} from './state-changes.ts';
import { runTask, type Task } from './task.ts';
import { SessionLost } from './zk-access.ts';

export const OBEYED: readonly number[] = [LeaderAndIsr.key, StopReplica.key, UpdateMetadata.key];

export interface ObedienceOptions {
  readonly brokerId: number;
  readonly brokerEpoch: () => number;
  readonly publish: (delta: MetadataDelta) => void;
}

const NO_CHANGES: RoleChanges = { deleted: [], leaders: [], followers: [], stopped: [] };

export class Obedience {
  private readonly context: Context;
  private readonly cache: MetadataCache;
  private readonly configs: ConfigWatch;
  private readonly options: ObedienceOptions;
  private readonly roles = new ReplicaRoles();
  /** Changes of replicas, one after another: one may have to wait for settings from ZooKeeper. */
  private readonly queue: ServerRequest[] = [];
  private busy = false;

  constructor(context: Context, cache: MetadataCache, configs: ConfigWatch, options: ObedienceOptions) {
    this.context = context;
    this.cache = cache;
    this.configs = configs;
    this.options = options;
  }

  handle(request: ServerRequest): void {
    if (request.api.key === UpdateMetadata.key) {
      this.updateMetadata(request as ServerRequest<UpdateMetadataRequest>);
      return;
    }
    this.queue.push(request);
    this.proceed();
  }

  private proceed(): void {
    const next = this.queue[0];
    if (this.busy || next === undefined) return;
    this.busy = true;
    const ended = (): void => {
      this.busy = false;
      this.queue.shift();
      this.proceed();
    };
    runTask(this.changeReplicas(next), ended, (thrown) => {
      if (!(thrown instanceof SessionLost)) throw thrown;
      // Only LeaderAndIsr waits for ZooKeeper. This broker will get a new epoch, and with it everything anew.
      next.respond(LeaderAndIsr.response.make({ errorCode: ErrorCode.STALE_BROKER_EPOCH }));
      ended();
    });
  }

  private *changeReplicas(request: ServerRequest): Task<void> {
    if (request.api.key === StopReplica.key) this.stopReplica(request as ServerRequest<StopReplicaRequest>);
    else yield* this.leaderAndIsr(request as ServerRequest<LeaderAndIsrRequest>);
  }

  private *leaderAndIsr(request: ServerRequest<LeaderAndIsrRequest>): Task<void> {
    const { body } = request;
    const unread = body.topicStates.filter(({ topicName }) => !this.cache.hasConfig('topic', topicName));
    yield* this.configs.readResources(unread.map(({ topicName }) => ({ type: 'topic', name: topicName })));
    const errorCode = this.check(request);
    if (errorCode !== ErrorCode.NONE) {
      request.respond(LeaderAndIsr.response.make({ errorCode }));
      return;
    }
    const { response, changes } = decideLeaderAndIsr(body, this.roles, this.options.brokerId);
    this.carryOut(changes);
    request.respond(response);
  }

  private stopReplica(request: ServerRequest<StopReplicaRequest>): void {
    const errorCode = this.check(request);
    if (errorCode !== ErrorCode.NONE) {
      request.respond(StopReplica.response.make({ errorCode }));
      return;
    }
    const topicIdOf = (topic: string): string => this.cache.image.topics.get(topic)?.id ?? ZERO_UUID;
    const { response, changes } = decideStopReplica(request.body, this.roles, topicIdOf);
    this.carryOut(changes);
    request.respond(response);
  }

  /** Refuses who is old, and remembers who is new. */
  private check({
    api,
    body,
  }: ServerRequest<{ controllerId: number; controllerEpoch: number; brokerEpoch: number }>): number {
    const error = requestError(body, this.roles, this.options.brokerEpoch());
    if (error === ErrorCode.NONE) {
      this.roles.controllerEpoch = Math.max(this.roles.controllerEpoch, body.controllerEpoch);
    } else {
      const values = [api.name, body.controllerId, body.controllerEpoch, errorName(error)];
      this.context.emit(zookeeperModeEvents['control-request-refused'], values);
    }
    return error;
  }

  private carryOut(changes: RoleChanges): void {
    const { brokers } = this.cache.image;
    applyChanges(this.roles, changes, (id) => brokers.has(id));
    const { deleted, leaders, followers, stopped } = changes;
    if (deleted.length + leaders.length + followers.length + stopped.length > 0) this.publish(changes, [], []);
  }

  private updateMetadata(request: ServerRequest<UpdateMetadataRequest>): void {
    const errorCode = this.check(request);
    if (errorCode === ErrorCode.NONE) {
      const changed = this.cache.update(request.body);
      for (const name of changed) if (!this.cache.image.topics.has(name)) this.cache.setConfig('topic', name, null);
      this.publish(NO_CHANGES, changed, []);
      this.readMissingConfigs(changed);
    }
    request.respond(UpdateMetadata.response.make({ errorCode }));
  }

  /** Settings of topics that this broker has heard of, but has no replica of. */
  private readMissingConfigs(topics: readonly string[]): void {
    const { cache } = this;
    const missing = topics
      .filter((name) => cache.image.topics.has(name) && !cache.hasConfig('topic', name))
      .map((name) => ({ type: 'topic', name }) as const);
    if (missing.length === 0) return;
    runTask(
      this.configs.readResources(missing),
      () => this.publish(NO_CHANGES, [], missing),
      (thrown) => {
        if (!(thrown instanceof SessionLost)) throw thrown;
      },
    );
  }

  /** Dynamic settings have been read anew. */
  configsChanged(resources: MetadataDelta['changedConfigs']): void {
    this.publish(NO_CHANGES, [], resources);
  }

  private publish(
    changes: RoleChanges,
    changedTopics: readonly string[],
    changedConfigs: MetadataDelta['changedConfigs'],
  ): void {
    const { context, cache } = this;
    const { image } = cache;
    const partitions = changes.deleted.length + changes.leaders.length + changes.followers.length;
    context.cause = context.emit(authorityEvents['metadata-published'], [image.version, partitions]);
    this.options.publish({ image, ...changes, changedTopics, changedConfigs });
  }
}

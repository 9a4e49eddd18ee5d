/** The deciding half of a controller without a quorum: whatever it decides counts as committed at once. */

import { FEATURES } from '../../../../src/coordinator/features.ts';
import type { PartitionState } from '../../../../src/coordinator/index.ts';
import { decideActivation } from '../../../../src/coordinator/kraft/controller/activation.ts';
import {
  decideHeartbeat,
  decideStaleBroker,
  noteHeartbeat,
} from '../../../../src/coordinator/kraft/controller/broker-life.ts';
import { controllerConfig } from '../../../../src/coordinator/kraft/controller/controller-program.ts';
import { decideCreateTopics } from '../../../../src/coordinator/kraft/controller/create-topics.ts';
import { Heartbeats } from '../../../../src/coordinator/kraft/controller/heartbeats.ts';
import { decideRegistration } from '../../../../src/coordinator/kraft/controller/registration.ts';
import type { ControllerState, Decision } from '../../../../src/coordinator/kraft/controller/state.ts';
import { apply } from '../../../../src/coordinator/kraft/metadata/apply.ts';
import { ClusterMetadata } from '../../../../src/coordinator/kraft/metadata/cluster-metadata.ts';
import { defaultKraftSettings, type KraftSettings } from '../../../../src/coordinator/kraft/settings.ts';
import { CreateTopics } from '../../../../src/protocol/apis/19-create-topics.ts';
import { BrokerRegistration } from '../../../../src/protocol/apis/62-broker-registration.ts';
import { BrokerHeartbeat } from '../../../../src/protocol/apis/63-broker-heartbeat.ts';

const ids = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

export class ControllerStage {
  readonly state: ControllerState;
  nowMs = 0;
  private topicIds = 0;
  private incarnations = 0;

  constructor(settings: Partial<KraftSettings> = {}) {
    const voters = [{ id: 1001, node: 'controller-1001' }];
    const cluster = {
      clusterId: 'stage',
      voters,
      settings: { ...defaultKraftSettings, features: FEATURES['4.0'], ...settings },
    };
    const config = controllerConfig(cluster);
    const heartbeats = new Heartbeats(config.sessionTimeoutMs);
    this.state = { config, metadata: new ClusterMetadata(), heartbeats, nextOffset: 1 };
    this.carryOut(decideActivation(this.state));
  }

  carryOut<R>({ records, response }: Decision<R>): R {
    for (const record of records) apply(this.state.metadata, record, this.state.nextOffset++);
    return response;
  }

  register(brokerId: number, options: { rack?: string | null; previousBrokerEpoch?: number } = {}) {
    const request = BrokerRegistration.request.make({
      brokerId,
      clusterId: 'stage',
      incarnationId: `incarnation-${++this.incarnations}`,
      listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9090 + brokerId }],
      features: [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 29 }],
      rack: options.rack ?? null,
      logDirs: [`directory-${brokerId}`],
      previousBrokerEpoch: options.previousBrokerEpoch ?? -1,
    });
    const answer = this.carryOut(decideRegistration(this.state, request, this.nowMs));
    if (answer.brokerEpoch >= 0) this.state.heartbeats.track(brokerId, answer.brokerEpoch);
    return answer;
  }

  epochOf(brokerId: number): number {
    return this.state.metadata.brokers.get(brokerId)?.epoch ?? -1;
  }

  heartbeat(
    brokerId: number,
    fields: { wantFence?: boolean; wantShutDown?: boolean; currentMetadataOffset?: number } = {},
  ) {
    const request = BrokerHeartbeat.request.make({
      brokerId,
      brokerEpoch: this.epochOf(brokerId),
      currentMetadataOffset: this.state.nextOffset - 1,
      ...fields,
    });
    this.state.heartbeats.touch(brokerId, request.brokerEpoch, this.nowMs);
    const decision = decideHeartbeat(this.state, request);
    const answer = this.carryOut(decision);
    noteHeartbeat(this.state, request, answer, this.state.nextOffset - 1);
    return { ...answer, records: decision.records.map(({ kind }) => kind) };
  }

  /** Registered and unfenced. */
  serve(...brokerIds: number[]): this {
    for (const id of brokerIds) {
      this.register(id);
      this.heartbeat(id);
    }
    return this;
  }

  /** As after the end of its session; the others are heard of all the time. */
  fence(brokerId: number): void {
    this.nowMs += 9001;
    for (const { id, fenced, epoch } of this.state.metadata.brokers.values()) {
      if (id !== brokerId && !fenced) this.state.heartbeats.touch(id, epoch, this.nowMs);
    }
    const decision = decideStaleBroker(this.state, this.nowMs);
    if (decision?.brokerId !== brokerId) throw new Error(`broker ${brokerId} is not the stale one`);
    this.state.heartbeats.endSession(brokerId);
    this.carryOut(decision);
  }

  createTopics(topics: NonNullable<Parameters<typeof CreateTopics.request.make>[0]>['topics'], validateOnly = false) {
    const request = CreateTopics.request.make({ topics, validateOnly });
    const newTopicId = () => `topic-${ids[this.topicIds++]}`;
    return this.carryOut(decideCreateTopics(this.state, request, newTopicId));
  }

  /** `orders` with these replica lists. */
  orders(...lists: number[][]): this {
    const assignments = lists.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }));
    const [result] = this.createTopics([
      { name: 'orders', numPartitions: -1, replicationFactor: -1, assignments },
    ]).topics;
    if (result!.errorCode !== 0) throw new Error(result!.errorMessage ?? 'refused');
    return this;
  }

  partition(number = 0): PartitionState {
    return this.state.metadata.topics.get('orders')!.partitions[number]!;
  }

  /** Leader, ISR, ELR and epochs in one line. */
  line(number = 0): string {
    const { leader, isr, elr, leaderEpoch, partitionEpoch, recovering } = this.partition(number);
    const eligible = elr.length > 0 ? ` elr=[${elr}]` : '';
    return `leader=${leader} isr=[${isr}]${eligible} le=${leaderEpoch} pe=${partitionEpoch}${recovering ? ' recovering' : ''}`;
  }
}

import { createHash } from 'node:crypto';
import { TransactionCoordinator } from '../../src/broker/transactions/coordinator.ts';
import { decodeTransaction } from '../../src/broker/transactions/transaction-log.ts';
import { brokerConfig } from '../../src/config/resources.ts';
import type { Context, World } from '../../src/kernel/api.ts';
import { createWorld } from '../../src/kernel/world.ts';
import type { WriteTxnMarkersRequest } from '../../src/protocol/apis/27-write-txn-markers.ts';
import type { Api, Release, RequestOf, ResponseOf } from '../../src/protocol/schema.ts';
import type { RpcChannel } from '../../src/rpc/api.ts';
import { FakeInternalLog } from '../groups/fake-internal-log.ts';
import { askHandler } from '../helpers/ask-handler.ts';
import { FakeAuthority, FakeCoordination } from '../helpers/fake-authority.ts';
import { identityOf } from '../helpers/identity.ts';

export interface StageOptions {
  readonly release?: Release;
  readonly config?: Record<string, string>;
}

const PARTITION = 0;

/** A transaction coordinator over a log that the test holds in its hand, and partitions that take its markers as the test says. */
export class TransactionStage {
  readonly world: World;
  readonly log = new FakeInternalLog();
  readonly authority: FakeAuthority;
  readonly release: Release;
  /** Called with every answer, when it comes, and with every marker that reached a partition. */
  onAnswer: (client: string, api: Api, body: unknown) => void = () => {};
  onMarkers: (text: string) => void = () => {};
  /** What partitions say to markers; null: nothing, for now. */
  markerError: number | null = 0;
  coordinator!: TransactionCoordinator;
  private unanswered: (() => void)[] = [];
  private leaderEpoch = 0;
  private producerIds = 100;

  constructor({ release = '4.2', config = {} }: StageOptions = {}) {
    this.release = release;
    this.authority = new FakeAuthority(release === '3.9' ? 'zookeeper' : 'kraft');
    if (release !== '3.9') this.authority.features.set('transaction.version', 2);
    this.world = createWorld({ seed: 1, digest });
    const node = this.world.addNode({ name: 'broker-1', disks: 0, cpuThreads: 1 });
    node.start((context) => {
      this.open(context, config);
      return {};
    });
    this.authority.createTopic('orders', [[1], [1], [1], [1]]);
    this.elect();
    this.run(10);
  }

  private open(context: Context, config: Record<string, string>): void {
    this.log.context = context;
    const identity = identityOf(1, 'host-1', 9092);
    const coordination = new FakeCoordination(context, this.authority, identity);
    this.authority.register(identity);
    Object.defineProperty(coordination, 'image', { get: () => this.authority.image() });
    this.coordinator = new TransactionCoordinator({
      context,
      brokerId: 1,
      config: brokerConfig(config, { version: this.release }),
      coordination,
      log: this.log,
      producerIds: { allocate: (answer) => answer(0, this.producerIds++) },
      verifier: { ask: (_, done) => done(new Map()) },
      peers: () => ({ settings: { release: this.release }, channelTo: () => ({ send: this.send }) }),
    });
  }

  /** Stands for the leaders of all partitions. */
  private readonly send: RpcChannel['send'] = (_api, _version, body, done, arg) => {
    const { markers } = body as WriteTxnMarkersRequest;
    const answer = (): void => {
      const errorCode = this.markerError ?? 0;
      for (const { producerId, producerEpoch, transactionResult, coordinatorEpoch, topics } of markers) {
        const names = topics.flatMap(({ name, partitionIndexes }) =>
          partitionIndexes.map((index) => `${name}-${index}`),
        );
        const result = transactionResult ? 'COMMIT' : 'ABORT';
        this.onMarkers(
          `${result} ${producerId}/${producerEpoch} by ${coordinatorEpoch} in ${names.join(' ')}: ${errorCode}`,
        );
      }
      const response = {
        markers: markers.map(({ producerId, topics }) => ({
          producerId,
          topics: topics.map(({ name, partitionIndexes }) => ({
            name,
            partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, errorCode })),
          })),
        })),
      };
      done(arg, response, null);
    };
    if (this.markerError === null) this.unanswered.push(answer);
    else this.log.context!.after(1000, answer, undefined);
  };

  /** Partitions answer markers again, also those that wait. */
  answerMarkers(error = 0): void {
    this.markerError = error;
    for (const answer of this.unanswered.splice(0)) answer();
  }

  elect(): void {
    this.coordinator.onElected(PARTITION, this.leaderEpoch++);
  }

  resign(): void {
    this.coordinator.onResigned(PARTITION);
    this.log.held = [];
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  ask<A extends Api>(
    client: string,
    api: A,
    version: number,
    body: RequestOf<A>,
    then: (body: ResponseOf<A>) => void = () => {},
  ): void {
    askHandler(this.coordinator.handlers, client, api, version, body, (answer) => {
      then(answer);
      this.onAnswer(client, api, answer);
    });
  }

  /** The log, decoded, one line each. */
  logLines(): string[] {
    return this.log.records.map((record) => {
      const { transactionalId, value } = decodeTransaction(record)!;
      if (value === null) return `${transactionalId} tombstone`;
      const { state, producerId, producerEpoch, partitions } = value;
      return `${transactionalId} ${state} ${producerId}/${producerEpoch} [${[...partitions.keys()].join(' ')}]`;
    });
  }
}

function digest() {
  const hash = createHash('sha256');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => hash.copy().digest('hex') };
}

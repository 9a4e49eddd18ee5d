/** Random histories of a transactional id: whatever its coordinators live through, the log rebuilds what was, and outcomes stand. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTransaction, type StoredTransaction } from '../../src/broker/transactions/transaction-log.ts';
import { InitProducerId } from '../../src/protocol/apis/22-init-producer-id.ts';
import { AddPartitionsToTxn } from '../../src/protocol/apis/24-add-partitions-to-txn.ts';
import { EndTxn } from '../../src/protocol/apis/26-end-txn.ts';
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/schema.ts';
import { TransactionStage } from './transaction-stage.ts';

const ID = 'etl';
const act = fc.record({
  verb: fc.constantFrom(
    'init',
    'add',
    'add',
    'commit',
    'abort',
    'failover',
    'hold',
    'release',
    'fail',
    'stall',
    'markers',
    'wait',
  ),
  client: fc.nat(1),
  partition: fc.nat(3),
});

class History {
  readonly stage: TransactionStage;
  readonly clients = [
    { id: -1, epoch: -1 },
    { id: -1, epoch: -1 },
  ];
  /** `producer id/epoch partition` → outcomes of the markers that stand there. */
  readonly markers = new Map<string, Set<string>>();
  asked = 0;
  answered = 0;

  constructor(release: '3.9' | '4.2') {
    this.stage = new TransactionStage({ release });
    this.stage.onMarkers = (text) => {
      const [, result, producer, , names] = /^(\w+) (\S+) by (\d+) in (.*): 0$/.exec(text)!;
      for (const name of names!.split(' ')) {
        const key = `${producer} ${name}`;
        this.markers.set(key, (this.markers.get(key) ?? new Set()).add(result!));
      }
    };
  }

  perform({ verb, client: at, partition }: { verb: string; client: number; partition: number }): void {
    const { stage } = this;
    const client = this.clients[at]!;
    const producer = { producerId: client.id, producerEpoch: client.epoch };
    const second = stage.release !== '3.9';
    switch (verb) {
      case 'init': {
        const body = { transactionalId: ID, transactionTimeoutMs: 30_000, producerId: -1, producerEpoch: -1 };
        this.ask(InitProducerId, 5, body, ({ errorCode, producerId, producerEpoch }) => {
          if (errorCode === 0) Object.assign(client, { id: producerId, epoch: producerEpoch });
        });
        break;
      }
      case 'add': {
        const topics = [{ name: 'orders', partitions: [partition] }];
        const body = second
          ? { transactions: [{ transactionalId: ID, ...producer, verifyOnly: false, topics }] }
          : {
              v3AndBelowTransactionalId: ID,
              v3AndBelowProducerId: client.id,
              v3AndBelowProducerEpoch: client.epoch,
              v3AndBelowTopics: topics,
            };
        this.ask(AddPartitionsToTxn, second ? 5 : 3, AddPartitionsToTxn.request.make(body), () => {});
        break;
      }
      case 'commit':
      case 'abort': {
        const body = { transactionalId: ID, ...producer, committed: verb === 'commit' };
        this.ask(EndTxn, second ? 5 : 4, body, ({ errorCode, producerId, producerEpoch }) => {
          if (errorCode === 0 && second) Object.assign(client, { id: producerId, epoch: producerEpoch });
        });
        break;
      }
      case 'failover':
        stage.resign();
        stage.elect();
        break;
      case 'hold':
        stage.log.holding = true;
        break;
      case 'release':
        stage.log.release();
        break;
      case 'fail':
        stage.log.failNext = 19;
        break;
      case 'stall':
        stage.markerError = null;
        break;
      case 'markers':
        stage.answerMarkers();
        break;
      default:
        stage.run(20_000);
    }
    stage.run(7);
  }

  private ask<A extends Api>(api: A, version: number, body: RequestOf<A>, then: (body: ResponseOf<A>) => void): void {
    this.asked++;
    this.stage.ask('c', api, version, body, (response) => {
      this.answered++;
      then(response);
    });
  }

  get stored(): ReadonlyMap<string, StoredTransaction> | undefined {
    const machine = this.stage.coordinator.machines.get(0);
    return machine?.status === 'active' ? machine.shard.stored.transactions : undefined;
  }
}

/** What the log says, read anew. */
function replayed(stage: TransactionStage): Map<string, StoredTransaction> {
  const state = new Map<string, StoredTransaction>();
  for (const record of stage.log.records) {
    const { transactionalId, value } = decodeTransaction(record)!;
    if (value !== null) state.set(transactionalId, value);
  }
  return state;
}

test.each(['3.9', '4.2'] as const)(
  'Kafka %s: the log rebuilds what was, everybody is answered once, outcomes stand',
  (release) => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 10, maxLength: 80 }), (acts) => {
        const history = new History(release);
        let epoch = -1;
        let id = -1;
        for (const one of acts) {
          history.perform(one);
          const { stage, stored } = history;
          if (stored === undefined || stage.log.held.length > 0) continue;
          expect(stored).toEqual(replayed(stage));
          const value = stored.get(ID);
          if (value === undefined) continue;
          // A producer's epoch never falls.
          if (value.producerId === id) expect(value.producerEpoch).toBeGreaterThanOrEqual(epoch);
          id = value.producerId;
          epoch = value.producerEpoch;
        }
        const { stage } = history;
        stage.log.release();
        stage.log.failNext = 0;
        stage.answerMarkers();
        stage.run(200_000);
        expect(history.answered).toBe(history.asked);
        // With an epoch for each transaction no partition is ever told two things of one.
        if (release !== '3.9') for (const outcomes of history.markers.values()) expect(outcomes.size).toBe(1);
        // In the end nothing hangs: what was prepared is complete, what was open ran into its time-out.
        const state = history.stored?.get(ID)?.state ?? 'Empty';
        expect(['Empty', 'CompleteCommit', 'CompleteAbort']).toContain(state);
      }),
      { numRuns: 120 },
    );
  },
);

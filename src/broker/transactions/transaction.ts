import { assert } from '../../kernel/assert.ts';
import {
  NO_PARTITIONS,
  type Partitions,
  type StoredTransaction,
  type TransactionStateName,
} from './transaction-log.ts';

export const NO_PRODUCER_ID = -1;
export const NO_EPOCH = -1;
/** The largest; no producer gets it, so that every producer can be fenced. */
export const LAST_EPOCH = 0x7fff;
/** `transaction.version` from which every transaction has an epoch of its own (KIP-890). */
export const EPOCH_BUMPING_VERSION = 2;

/** Where a transactional id goes once this is stored. */
export interface Transit {
  readonly value: StoredTransaction;
  readonly lastProducerEpoch: number;
  readonly nextProducerId: number;
}

/** What is left to do between Prepare and Complete. */
export interface Completion {
  readonly transit: Transit;
  /** Names of the partitions whose marker is not known to be written. */
  readonly left: Set<string>;
}

/**
 * A transactional id while it lives on its coordinator (Kafka's `TransactionMetadata`): what is stored, and what is known here
 * only and ends with the coordinator.
 *
 * 1. While `pending` is set a change is on its way, and nothing else may begin.
 * 2. The producer epoch never falls, except to 0 together with a new producer id.
 */
export class Transaction {
  value: StoredTransaction;
  pending: TransactionStateName | null = null;
  completion: Completion | null = null;
  /** Epoch before the latest bump, by which a repeated request is known; -1: none. */
  lastProducerEpoch = NO_EPOCH;
  previousProducerId = NO_PRODUCER_ID;
  /** What takes the place of the producer id when this transaction is complete; -1: it stays. */
  nextProducerId = NO_PRODUCER_ID;
  /** A fencing that could not be stored: its epoch is used up all the same. */
  failedFence = false;
  private fencedEpoch: number | null = null;

  constructor(value: StoredTransaction) {
    this.value = value;
  }

  get id(): string {
    return this.value.transactionalId;
  }

  get producerEpoch(): number {
    return this.fencedEpoch ?? this.value.producerEpoch;
  }

  get epochExhausted(): boolean {
    return isExhausted(this.producerEpoch);
  }

  /** Takes over what was stored. */
  become({ value, lastProducerEpoch, nextProducerId }: Transit): void {
    assert(PREDECESSORS[value.state].includes(this.value.state), `${this.id}: ${this.value.state} → ${value.state}`);
    this.previousProducerId = this.value.producerId;
    this.value = value;
    this.lastProducerEpoch = lastProducerEpoch;
    this.nextProducerId = nextProducerId;
    this.fencedEpoch = null;
    this.pending = null;
  }

  /** Whoever has the present epoch is powerless from now on. */
  fence(): void {
    if (!this.failedFence) this.fencedEpoch = Math.min(this.producerEpoch + 1, LAST_EPOCH);
    this.lastProducerEpoch = NO_EPOCH;
  }

  toInitialized(producer: { id: number; epoch: number; lastEpoch: number }, timeoutMs: number, nowMs: number): Transit {
    return this.to('Empty', {
      producerId: producer.id,
      producerEpoch: producer.epoch,
      lastProducerEpoch: producer.lastEpoch,
      timeoutMs,
      partitions: NO_PARTITIONS,
      startMs: -1,
      lastUpdateMs: nowMs,
    });
  }

  toOngoing(added: Partitions, clientVersion: number, nowMs: number): Transit {
    const { state, partitions, startMs } = this.value;
    return this.to('Ongoing', {
      partitions: new Map([...partitions, ...added]),
      startMs: state === 'Ongoing' ? startMs : nowMs,
      lastUpdateMs: nowMs,
      clientVersion,
    });
  }

  /** `nextProducerId`: for the transaction after this one, when this one uses up the last epoch. */
  toPrepared(
    state: 'PrepareCommit' | 'PrepareAbort',
    { clientVersion, nextProducerId }: { clientVersion: number; nextProducerId: number },
    nowMs: number,
  ): Transit {
    const bumps = clientVersion >= EPOCH_BUMPING_VERSION;
    const epoch = this.producerEpoch;
    return this.to(state, {
      producerEpoch: bumps ? Math.min(epoch + 1, LAST_EPOCH) : epoch,
      lastProducerEpoch: bumps ? epoch : this.lastProducerEpoch,
      nextProducerId,
      startMs: this.value.state === 'Ongoing' ? this.value.startMs : nowMs,
      lastUpdateMs: nowMs,
      clientVersion,
    });
  }

  toCompleted(nowMs: number): Transit {
    const { state, clientVersion } = this.value;
    const changesId = clientVersion >= EPOCH_BUMPING_VERSION && this.nextProducerId !== NO_PRODUCER_ID;
    return this.to(state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort', {
      ...(changesId ? { producerId: this.nextProducerId, producerEpoch: 0 } : {}),
      nextProducerId: NO_PRODUCER_ID,
      partitions: NO_PARTITIONS,
      lastUpdateMs: nowMs,
    });
  }

  private to(state: TransactionStateName, change: Change): Transit {
    const { lastProducerEpoch, nextProducerId, ...changed } = change;
    return {
      value: { ...this.value, producerEpoch: this.producerEpoch, ...changed, state },
      lastProducerEpoch: lastProducerEpoch ?? this.lastProducerEpoch,
      nextProducerId: nextProducerId ?? this.nextProducerId,
    };
  }
}

type Change = Partial<Omit<StoredTransaction, 'transactionalId' | 'state'>> &
  Partial<Pick<Transit, 'lastProducerEpoch' | 'nextProducerId'>>;

export function isExhausted(epoch: number): boolean {
  return epoch >= LAST_EPOCH - 1;
}

/** A transactional id that nobody has used yet. */
export function newTransaction(transactionalId: string, producerId: number, nowMs: number): Transaction {
  return new Transaction({
    transactionalId,
    producerId,
    producerEpoch: NO_EPOCH,
    timeoutMs: 0,
    state: 'Empty',
    partitions: NO_PARTITIONS,
    startMs: -1,
    lastUpdateMs: nowMs,
    clientVersion: 0,
  });
}

const PREDECESSORS: { readonly [S in TransactionStateName]: readonly TransactionStateName[] } = {
  Empty: ['Empty', 'CompleteCommit', 'CompleteAbort'],
  Ongoing: ['Ongoing', 'Empty', 'CompleteCommit', 'CompleteAbort'],
  PrepareCommit: ['Ongoing'],
  PrepareAbort: ['Ongoing', 'PrepareEpochFence', 'Empty', 'CompleteCommit', 'CompleteAbort'],
  CompleteCommit: ['PrepareCommit'],
  CompleteAbort: ['PrepareAbort'],
  Dead: ['Empty', 'CompleteAbort', 'CompleteCommit'],
  PrepareEpochFence: ['Ongoing'],
};

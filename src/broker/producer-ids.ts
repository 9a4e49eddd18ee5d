import type { BrokerCoordination } from '../coordinator/index.ts';
import { ErrorCode } from '../protocol/errors.ts';

/** Answers one asker: a producer id, or an error. */
export type ProducerIdAnswer = (error: number, producerId: number) => void;

/** Ask for the next block when this share of the present one is given out. */
const PREFETCH = { numerator: 9, denominator: 10 };

/**
 * Producer ids, in blocks from the controller (KIP-730). A KRaft broker without a block tells its clients to try again
 * (`RPCProducerIdManager`); a ZooKeeper broker takes one while the client waits (`ZkProducerIdManager`).
 */
export class ProducerIds {
  private readonly coordination: BrokerCoordination;
  private next = 0;
  private end = 0;
  private prefetchAt = 0;
  private following: { readonly first: number; readonly count: number } | undefined;
  private asking = false;
  private readonly waiting: ProducerIdAnswer[] = [];

  constructor(coordination: BrokerCoordination) {
    this.coordination = coordination;
  }

  allocate(answer: ProducerIdAnswer): void {
    if (this.next === this.end && this.following !== undefined) this.use(this.following);
    if (this.next < this.end) {
      const id = this.next++;
      if (this.next >= this.prefetchAt) this.ask();
      answer(ErrorCode.NONE, id);
      return;
    }
    if (this.coordination.mode === 'zookeeper') this.waiting.push(answer);
    this.ask();
    if (this.coordination.mode === 'kraft') answer(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, -1);
  }

  private use(block: { readonly first: number; readonly count: number }): void {
    this.next = block.first;
    this.end = block.first + block.count;
    this.prefetchAt = block.first + Math.floor((block.count * PREFETCH.numerator) / PREFETCH.denominator);
    this.following = undefined;
  }

  private ask(): void {
    if (this.asking || this.following !== undefined) return;
    this.asking = true;
    this.coordination.allocateProducerIds((first, count) => {
      this.asking = false;
      this.following = { first, count };
      for (const answer of this.waiting.splice(0)) this.allocate(answer);
    });
  }
}

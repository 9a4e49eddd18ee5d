import type { Timer } from '../../kernel/api.ts';
import { Produce, type ProduceResponse } from '../../protocol/apis/00-produce.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { failureCode, type RequestFailure } from '../connection.ts';
import { clientEvents } from '../events.ts';
import type { ProducerBatch } from './batch.ts';
import { Outcomes, type ProducerParts } from './outcomes.ts';
import { ProduceCall } from './produce-call.ts';
import { ProducerIdentity } from './producer-identity.ts';
import type { PartitionQueue } from './queue.ts';

/** A broker and the queues of partitions that it leads, in one turn of the loop. */
interface Target {
  readonly nodeId: number;
  readonly queues: PartitionQueue[];
  ready: boolean;
  /** Where the walk over its queues begins, so that none is always last. */
  start: number;
}

export interface SenderListener {
  /** Batches were decided: memory may be free. */
  onProgress(): void;
}

/**
 * Sends what the accumulator holds: looks which partitions have something ready, and drains at most one batch of each into
 * one request per broker (Java's Sender). It has no thread: it looks when something changed, and when the earliest of all
 * lingers, back-offs and deadlines is over.
 */
export class Sender {
  /** Somebody waits in `flush`, or for memory: nothing lingers. */
  hurry = false;
  private readonly parts: ProducerParts;
  private readonly outcomes: Outcomes;
  private readonly identity: ProducerIdentity | null;
  private readonly listener: SenderListener;
  private readonly targets = new Map<number, Target>();
  private readonly inFlight = new Set<ProducerBatch>();
  /** No undecided batch has an earlier deadline. */
  private oldestDeadlineUs = Number.POSITIVE_INFINITY;
  private deadlineWatched = false;
  private running = false;
  private again = false;
  private timer: Timer | null = null;
  private timerUs = Number.POSITIVE_INFINITY;
  /** No producer id will ever come: every batch fails with this. */
  private fatalError: number = ErrorCode.NONE;

  constructor(parts: ProducerParts, listener: SenderListener) {
    this.parts = parts;
    this.listener = listener;
    this.outcomes = new Outcomes(parts);
    const { network, idempotence, transactions } = parts;
    this.identity =
      idempotence === null || transactions !== null
        ? null
        : new ProducerIdentity(network, idempotence, (fatalError) => {
            this.fatalError = fatalError;
            this.run();
          });
    network.onChange(() => this.run());
  }

  /** A batch was begun; it goes out when it has lingered. */
  begun(): void {
    const { network, settings } = this.parts;
    const nowUs = network.context.nowUs();
    if (this.oldestDeadlineUs === Number.POSITIVE_INFINITY) {
      this.oldestDeadlineUs = nowUs + settings.deliveryTimeoutUs;
      this.watchDeadlines();
    }
    this.wakeAt(nowUs + settings.lingerUs);
  }

  /** Looks at everything now. */
  run(): void {
    this.again = true;
    if (this.running) return;
    this.running = true;
    while (this.again) {
      this.again = false;
      this.turn();
    }
    this.running = false;
  }

  answered(call: ProduceCall, response: ProduceResponse | null, failure: RequestFailure | null): void {
    const { batches, nodeId } = call;
    // What is decided here may wake the sender; it must see all of this answer.
    this.running = true;
    for (const batch of batches) {
      this.inFlight.delete(batch);
      batch.queue.muted = false;
      if (failure !== null) this.outcomes.attemptFailed(batch, failureCode(failure), nodeId, -1);
      else if (response === null) this.outcomes.succeeded(batch, -1);
      else {
        const answer = call.answerFor(response, batch);
        if (answer !== undefined) this.outcomes.answered(batch, answer, nodeId);
        else this.outcomes.attemptFailed(batch, ErrorCode.UNKNOWN_SERVER_ERROR, nodeId, -1);
      }
    }
    this.listener.onProgress();
    this.running = false;
    this.run();
  }

  timerRang(): void {
    this.timerUs = Number.POSITIVE_INFINITY;
    this.run();
  }

  private turn(): void {
    const { network, idempotence, transactions } = this.parts;
    const nowUs = network.context.nowUs();
    if (idempotence !== null) {
      idempotence.resolve();
      this.bumpEpoch();
      this.identity?.ensure();
    }
    transactions?.run();
    if (this.fatalError !== ErrorCode.NONE) this.failAll();
    this.wakeAt(this.gather(nowUs));
    for (const target of this.targets.values()) if (target.ready) this.sendTo(target);
  }

  /** Sorts the queues by leader and finds who has something ready. Returns when to look again. */
  private gather(nowUs: number): number {
    const { accumulator, network, settings } = this.parts;
    for (const target of this.targets.values()) {
      target.queues.length = 0;
      target.ready = false;
    }
    const { active } = accumulator;
    let kept = 0;
    let nextUs = Number.POSITIVE_INFINITY;
    let leaderless = false;
    for (let i = 0; i < active.length; i++) {
      const queue = active[i]!;
      const batch = queue.batches[0];
      if (batch === undefined) {
        queue.active = false;
        continue;
      }
      active[kept++] = queue;
      const { leader, leaderEpoch } = queue.partition;
      if (leader < 0) leaderless = true;
      if (leader < 0 || queue.muted) continue;
      const backingOff = batch.attempts > 0 && nowUs < batch.retryAtUs && leaderEpoch <= batch.attemptEpoch;
      const dueUs = backingOff ? batch.retryAtUs : batch.attempts > 0 ? nowUs : batch.createdUs + settings.lingerUs;
      if (backingOff) {
        if (dueUs < nextUs) nextUs = dueUs;
        continue;
      }
      const target = this.targetOf(leader);
      target.queues.push(queue);
      if (this.hurry || dueUs <= nowUs || queue.batches.length > 1 || batch.isFull(settings.batchSize))
        target.ready = true;
      else if (dueUs < nextUs) nextUs = dueUs;
    }
    active.length = kept;
    if (leaderless) network.refresher.request();
    return nextUs;
  }

  private sendTo(target: Target): void {
    const { network, settings, transactions } = this.parts;
    const connection = network.connectionTo(target.nodeId);
    if (connection === undefined) {
      network.refresher.request();
      return;
    }
    if (!connection.canSend) {
      connection.connect();
      return;
    }
    const call = this.drain(target);
    if (call.batches.length === 0) return;
    const { acks, requestTimeoutMs, transactionalId } = settings;
    connection.send(
      Produce,
      call.request(acks, requestTimeoutMs, transactionalId),
      produced,
      { sender: this, call },
      acks === 0 ? NO_ANSWER : transactions !== null && network.transactionVersion < 2 ? FIRST_PROTOCOL : undefined,
    );
    // A full answer queue of batches behind these goes with the next request, if there is room for one.
    if (connection.canSend && target.queues.some(({ batches }) => batches.length > 0)) this.again = true;
  }

  private drain(target: Target): ProduceCall {
    const { idempotence, settings, network, transactions } = this.parts;
    const call = new ProduceCall(target.nodeId);
    const { queues } = target;
    target.start = (target.start + 1) % queues.length;
    for (let i = 0; i < queues.length; i++) {
      const queue = queues[(target.start + i) % queues.length]!;
      const batch = queue.batches[0];
      if (batch === undefined || idempotence?.mustWait(batch)) continue;
      if (batch.baseSequence < 0 && transactions?.mayDrain(queue) === false) continue;
      if (call.batches.length > 0 && call.sizeBytes + batch.sizeBytes > settings.maxRequestSize) break;
      queue.batches.shift();
      batch.closed = true;
      if (batch.baseSequence < 0) idempotence?.assign(batch);
      batch.attemptEpoch = queue.partition.leaderEpoch;
      if (settings.maxInFlight === 1) queue.muted = true;
      this.inFlight.add(batch);
      call.add(batch);
      network.context.emit(clientEvents['batch-sent'], [
        queue.name,
        batch.serials,
        batch.producerId,
        batch.producerEpoch,
        batch.baseSequence,
        batch.crc,
        settings.acks,
        batch.attempts + 1,
        target.nodeId,
      ]);
    }
    return call;
  }

  /** Gives up what is past its deadline, waiting or in flight, and finds the next deadline. */
  private expire(nowUs: number): void {
    const { accumulator } = this.parts;
    let oldestUs = Number.POSITIVE_INFINITY;
    for (const queue of accumulator.allQueues()) {
      const late = queue.batches.filter(({ deadlineUs }) => deadlineUs <= nowUs);
      for (const batch of late) {
        queue.batches.splice(queue.batches.indexOf(batch), 1);
        this.outcomes.expired(batch, false);
      }
      for (const { deadlineUs } of queue.batches) if (deadlineUs < oldestUs) oldestUs = deadlineUs;
    }
    for (const batch of [...this.inFlight]) {
      if (batch.done) continue;
      if (batch.deadlineUs <= nowUs) this.outcomes.expired(batch, true);
      else if (batch.deadlineUs < oldestUs) oldestUs = batch.deadlineUs;
    }
    this.oldestDeadlineUs = oldestUs;
    this.listener.onProgress();
    this.watchDeadlines();
  }

  /** One timer, which is not moved when the oldest batch is decided: what is next is found when it rings. */
  private watchDeadlines(): void {
    if (this.deadlineWatched || this.oldestDeadlineUs === Number.POSITIVE_INFINITY) return;
    const { context } = this.parts.network;
    this.deadlineWatched = true;
    context.after(Math.max(0, this.oldestDeadlineUs - context.nowUs()), deadlineDue, this);
  }

  deadlineReached(): void {
    this.deadlineWatched = false;
    this.expire(this.parts.network.context.nowUs());
    this.run();
  }

  private bumpEpoch(): void {
    const { idempotence, network } = this.parts;
    const restarted = idempotence!.bump();
    if (restarted.length === 0) return;
    const { producerId, producerEpoch } = idempotence!;
    const names = restarted.map(({ name }) => name);
    network.context.emit(clientEvents['producer-epoch-bumped'], [producerId, producerEpoch, names]);
  }

  /** Gives up what was never sent, for its transaction will not be committed. */
  dropUnsent(error: number): void {
    for (const queue of this.parts.accumulator.allQueues()) {
      const unsent = queue.batches.filter(({ baseSequence }) => baseSequence < 0);
      for (const batch of unsent) {
        queue.batches.splice(queue.batches.indexOf(batch), 1);
        this.outcomes.fail(batch, error);
      }
    }
    this.listener.onProgress();
  }

  private failAll(): void {
    for (const queue of this.parts.accumulator.allQueues()) {
      for (const batch of queue.batches.splice(0)) this.outcomes.fail(batch, this.fatalError);
    }
    this.listener.onProgress();
  }

  private targetOf(nodeId: number): Target {
    let target = this.targets.get(nodeId);
    if (target === undefined) {
      target = { nodeId, queues: [], ready: false, start: 0 };
      this.targets.set(nodeId, target);
    }
    return target;
  }

  private wakeAt(atUs: number): void {
    if (this.timerUs <= atUs) return;
    const { context } = this.parts.network;
    this.timer?.cancel();
    this.timerUs = atUs;
    const delayUs = atUs - context.nowUs();
    this.timer = context.after(delayUs > 0 ? delayUs : 0, lookAgain, this);
  }
}

const NO_ANSWER = { expectsResponse: false };
/** From version 12 on a broker adds partitions to a transaction by itself. */
const FIRST_PROTOCOL = { maxVersion: 11 };

interface Sent {
  readonly sender: Sender;
  readonly call: ProduceCall;
}

function produced({ sender, call }: Sent, response: unknown, failure: RequestFailure | null): void {
  sender.answered(call, failure === null ? (response as ProduceResponse | null) : null, failure);
}

function deadlineDue(sender: Sender): void {
  sender.deadlineReached();
}

function lookAgain(sender: Sender): void {
  sender.timerRang();
}

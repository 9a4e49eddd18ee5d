/** A leader's memory of having asked a transaction coordinator. Only its identity counts: nobody can make a second one like it. */
export interface VerificationGuard {
  readonly producerId: number;
}

/** Who is about to begin a transaction in a log. */
export interface VerifiedProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** -1: a coordinator's batch, which has none. */
  readonly baseSequence: number;
  /** The producer goes to a new epoch with each transaction (transaction.version 2). */
  readonly bumpsEpoch: boolean;
}

interface Question {
  readonly guard: VerificationGuard;
  readonly bumpsEpoch: boolean;
  epoch: number;
  /** Of all batches that waited for the answer: none may be written before the one that has it. */
  lowestSequence: number;
}

/**
 * The producers of a log about whom a transaction coordinator was asked, and who have not written since (KIP-890; Kafka's
 * `VerificationStateEntry`). An answer that comes late, after the marker of the transaction that it was about, finds its guard
 * gone: so it cannot let in a batch that no marker would ever end.
 */
export class Verifications {
  readonly #questions = new Map<number, Question>();

  /** Begins to ask, or joins those who ask already. */
  start({ producerId, producerEpoch, baseSequence, bumpsEpoch }: VerifiedProducer): VerificationGuard {
    const known = this.#questions.get(producerId);
    if (known === undefined) {
      const guard = { producerId };
      this.#questions.set(producerId, { guard, bumpsEpoch, epoch: producerEpoch, lowestSequence: baseSequence });
      return guard;
    }
    if (producerEpoch > known.epoch) {
      known.epoch = producerEpoch;
      known.lowestSequence = baseSequence;
    } else if (producerEpoch === known.epoch && baseSequence < known.lowestSequence) {
      known.lowestSequence = baseSequence;
    }
    return known.guard;
  }

  /** Whether the guard is that of the question which is open about this producer. */
  holds(producerId: number, guard: VerificationGuard | undefined): boolean {
    return guard !== undefined && this.#questions.get(producerId)?.guard === guard;
  }

  /** Whether the sequence may be the first that a producer writes after the question; `isKnown`: the log has batches of it. */
  allows(producerId: number, baseSequence: number, isKnown: boolean): boolean {
    const question = this.#questions.get(producerId);
    if (question === undefined) return true;
    if (question.bumpsEpoch && !isKnown && baseSequence !== 0) return false;
    return baseSequence <= question.lowestSequence;
  }

  /** The producer wrote: from now on the open transaction itself tells that it was verified. */
  wrote(producerId: number): void {
    this.#questions.delete(producerId);
  }

  /** A marker ended what was asked about, unless the question is about the next transaction already. */
  marked(producerId: number, markerEpoch: number): void {
    const question = this.#questions.get(producerId);
    if (question === undefined || (question.bumpsEpoch && question.epoch === markerEpoch)) return;
    this.#questions.delete(producerId);
  }
}

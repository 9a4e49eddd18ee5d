import { InitProducerId, type InitProducerIdResponse } from '../../protocol/apis/22-init-producer-id.ts';
import { ErrorCode, isRetriable } from '../../protocol/errors.ts';
import { failureCode, type RequestFailure } from '../connection.ts';
import { clientEvents } from '../events.ts';
import type { ClientNetwork } from '../network.ts';
import type { Idempotence } from './idempotence.ts';

/** Without transactions the broker does not look at it. */
const NO_TRANSACTION_TIMEOUT_MS = 0x7fff_ffff;

/** Asks for a producer id until it has one. */
export class ProducerIdentity {
  private readonly network: ClientNetwork;
  private readonly idempotence: Idempotence;
  private readonly done: (fatalError: number) => void;
  private state: 'idle' | 'asking' | 'backing-off' = 'idle';
  private failures = 0;

  /** `done` is called with 0 when the id is there, or with the error that ends all hope. */
  constructor(network: ClientNetwork, idempotence: Idempotence, done: (fatalError: number) => void) {
    this.network = network;
    this.idempotence = idempotence;
    this.done = done;
  }

  /** Asks if that is needed and somebody can be asked. */
  ensure(): void {
    if (this.idempotence.hasProducerId || this.state !== 'idle') return;
    const connection = this.network.leastLoaded();
    if (connection === null) return;
    this.state = 'asking';
    const body = {
      transactionalId: null,
      transactionTimeoutMs: NO_TRANSACTION_TIMEOUT_MS,
      producerId: -1,
      producerEpoch: -1,
    };
    connection.send(InitProducerId, body, answered, { identity: this, broker: connection.id });
  }

  answered(response: InitProducerIdResponse | null, failure: RequestFailure | null, broker: number): void {
    const { network, idempotence } = this;
    const error = failure === null ? response!.errorCode : failureCode(failure);
    if (error === ErrorCode.NONE) {
      const { producerId, producerEpoch } = response!;
      this.state = 'idle';
      this.failures = 0;
      idempotence.received(producerId, producerEpoch);
      network.context.emit(clientEvents['producer-id-received'], [producerId, producerEpoch]);
      this.done(ErrorCode.NONE);
      return;
    }
    network.sawError(InitProducerId.name, error, null, broker);
    if (!isRetriable(error)) {
      this.done(error);
      return;
    }
    this.state = 'backing-off';
    network.context.after(network.retryBackoffUs(this.failures), backedOff, this);
    this.failures += 1;
  }

  backedOff(): void {
    this.state = 'idle';
    this.ensure();
  }
}

interface Call {
  readonly identity: ProducerIdentity;
  readonly broker: number;
}

function answered({ identity, broker }: Call, response: unknown, failure: RequestFailure | null): void {
  identity.answered(failure === null ? (response as InitProducerIdResponse) : null, failure, broker);
}

function backedOff(identity: ProducerIdentity): void {
  identity.backedOff();
}

/** What real clients send and are told, as far as the protocol shows it: taken down for the ledger where requests come in and answers arrive. */
import type { Context, EventKind, FieldValue, Trace } from '../kernel/api.ts';
import { Produce, type ProduceRequest, type ProduceResponse } from '../protocol/apis/00-produce.ts';
import { Fetch, type FetchResponse } from '../protocol/apis/01-fetch.ts';
import {
  baseOffset,
  baseSequence,
  completeBatchSize,
  HEADER,
  lastOffset,
  MAGIC,
  magic,
  producerEpoch,
  producerId,
  recordCount,
  storedCrc,
} from '../protocol/batch-header.ts';
import { isSafeInt64 } from '../protocol/big-endian.ts';
import { ErrorCode, errorName } from '../protocol/errors.ts';
import type { ServerRequest, Witness } from '../rpc/api.ts';
import { OutsideConnections } from './outside-connections.ts';
import { errorsTold } from './outside-errors.ts';
import { outsideEvents as kinds } from './outside-events.ts';

/** An event that is told when the answer arrives it goes with. */
interface Told {
  readonly kind: EventKind;
  readonly values: readonly FieldValue[];
}

type NameOf = (topicId: string) => string | undefined;

export class OutsideWitness implements Witness {
  readonly connections: OutsideConnections;
  readonly #nameOf: NameOf;

  /** `nameOf`: newer versions name topics by id. */
  constructor(trace: Trace, nameOf: NameOf) {
    this.connections = new OutsideConnections(trace);
    this.#nameOf = nameOf;
  }

  asked(context: Context, request: ServerRequest): void {
    const { api, body, peer } = request;
    this.connections.asked(context.node, context.nowUs(), request);
    if (api.key !== Produce.key) return;
    this.#eachBatch(body as ProduceRequest, (partition, records, { acks }) => {
      context.emit(kinds['client-batch-received'], [peer.clientId, partition, ...look(records), acks]);
    });
  }

  ended(request: ServerRequest): void {
    this.connections.ended(request);
  }

  answered({ node }: Context, request: ServerRequest, body: unknown): readonly Told[] | null {
    this.connections.answered(request, body);
    const told: Told[] = [];
    const { api, peer } = request;
    for (const { code, of } of errorsTold(api.response, body, this.#nameOf))
      told.push({ kind: kinds['client-error-told'], values: [peer.clientId, api.name, errorName(code), of, node] });
    if (request.api.key === Produce.key) this.#produced(request, body as ProduceResponse, told);
    else if (request.api.key === Fetch.key) this.#fetched(request, body as FetchResponse, told);
    return told.length === 0 ? null : told;
  }

  arrived(context: Context, testimony: unknown): void {
    for (const { kind, values } of testimony as readonly Told[]) context.emit(kind, values);
  }

  #produced({ body, peer }: ServerRequest, { responses }: ProduceResponse, told: Told[]): void {
    const answers = new Map<string, { readonly errorCode: number; readonly baseOffset: number }>();
    for (const { name, topicId, partitionResponses } of responses)
      for (const answer of partitionResponses) answers.set(this.#partition(name, topicId, answer.index), answer);
    this.#eachBatch(body as ProduceRequest, (partition, records, { acks }) => {
      const answer = answers.get(partition);
      if (answer === undefined) return;
      const { errorCode } = answer;
      // A batch that was there already is acknowledged all the same.
      const well = errorCode === ErrorCode.NONE || errorCode === ErrorCode.DUPLICATE_SEQUENCE_NUMBER;
      const values = [peer.clientId, partition, ...look(records)];
      if (well) told.push({ kind: kinds['client-batch-acknowledged'], values: [...values, acks, answer.baseOffset] });
      else told.push({ kind: kinds['client-batch-refused'], values: [...values, errorName(errorCode)] });
    });
  }

  #fetched({ peer }: ServerRequest, { responses }: FetchResponse, told: Told[]): void {
    for (const { topic, topicId, partitions } of responses)
      for (const { partitionIndex, records } of partitions) {
        const ends = records === null ? undefined : endsOf(records);
        if (ends === undefined) continue;
        const values = [peer.clientId, this.#partition(topic, topicId, partitionIndex), ends.first, ends.last];
        told.push({ kind: kinds['client-records-fetched'], values });
      }
  }

  #eachBatch(
    request: ProduceRequest,
    act: (partition: string, records: Uint8Array, request: ProduceRequest) => void,
  ): void {
    for (const { name, topicId, partitionData } of request.topicData)
      for (const { index, records } of partitionData) {
        if (records === null || completeBatchSize(records, 0, records.length) <= 0 || magic(records, 0) !== MAGIC)
          continue;
        // Such a number is nobody's: the log refuses the batch.
        if (!isSafeInt64(records, HEADER.producerId)) continue;
        act(this.#partition(name, topicId, index), records, request);
      }
  }

  #partition(name: string, topicId: string, index: number): string {
    return `${name === '' ? (this.#nameOf(topicId) ?? topicId) : name}-${index}`;
  }
}

/** What the ledger knows a batch by: `records`, `crc`, `producerId`, `producerEpoch`, `baseSequence`. */
function look(batch: Uint8Array): readonly number[] {
  return [
    recordCount(batch, 0),
    storedCrc(batch, 0),
    producerId(batch, 0),
    producerEpoch(batch, 0),
    baseSequence(batch, 0),
  ];
}

/** First and last offset of the whole batches; undefined where there is none. */
function endsOf(bytes: Uint8Array): { readonly first: number; readonly last: number } | undefined {
  let at = 0;
  let last = -1;
  for (;;) {
    const size = completeBatchSize(bytes, at, bytes.length);
    if (size <= 0) break;
    last = lastOffset(bytes, at);
    at += size;
  }
  return at === 0 ? undefined : { first: baseOffset(bytes, 0), last };
}

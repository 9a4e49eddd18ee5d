import type { EventId } from '../kernel/api.ts';
import { requestHeaderVersion, responseHeaderVersion } from '../protocol/api.ts';
import { apiByKey } from '../protocol/apis/index.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { requestHeaderCodec, responseHeaderCodec } from '../protocol/header.ts';
import { Reader } from '../protocol/reader.ts';
import type { Api } from '../protocol/schema.ts';
import { inRange } from '../protocol/versions.ts';
import { MalformedMessage } from '../protocol/wire-error.ts';
import { Writer } from '../protocol/writer.ts';
import type { RpcFailure } from './api.ts';

// What travels over a connection. A simulated client may hand over the values themselves; encoded, a message is the
// frame that Kafka has, without its length. Bytes alone (from a real client) are a frame too.

/** What a sender is called back with. */
export type Done = { call(arg: unknown, response: unknown, failure: RpcFailure | null): void }['call'];

/** Answers a frame that wants no answer (acks=0): it was taken in, as TCP's window would tell. */
export const TAKEN: unique symbol = Symbol('taken');

const LENGTH_PREFIX_BYTES = 4;
const API_VERSIONS_KEY = 18;
const COPIED_FRAME_BYTES = 16 * 1024;

/** A request that has come to a server, in whatever form. */
export interface Arrival {
  /** Undefined: no such API. */
  readonly api: Api | undefined;
  readonly key: number;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string;
  readonly sentAtUs: number;
  /** The body, if it came as values. */
  readonly body: unknown;
  /** Stands before the body, if it came as bytes. */
  readonly reader: Reader | null;
  readonly form: Form;
}

/** How a sender wrote a request, and so how it wants its answer: `frame` is bytes alone, as a real client sends them. */
export type Form = 'values' | 'encoded' | 'frame';

/** A request as its sender made it. `done`, `arg` and `deadlineUs` are the sender's own; the server does not look at them. */
export class RequestMessage implements Arrival {
  readonly api: Api;
  readonly version: number;
  readonly clientId: string;
  readonly body: unknown;
  readonly expectsResponse: boolean;
  readonly done: Done;
  readonly arg: unknown;
  readonly deadlineUs: number;
  readonly reader = null;
  readonly form = 'values';
  correlationId = 0;
  sentAtUs = 0;
  /** What it was sent because of, for the time that it waits for a connection. */
  cause: EventId = 0;

  constructor(
    api: Api,
    version: number,
    clientId: string,
    body: unknown,
    expectsResponse: boolean,
    done: Done,
    arg: unknown,
    deadlineUs: number,
  ) {
    this.api = api;
    this.version = version;
    this.clientId = clientId;
    this.body = body;
    this.expectsResponse = expectsResponse;
    this.done = done;
    this.arg = arg;
    this.deadlineUs = deadlineUs;
  }

  get key(): number {
    return this.api.key;
  }
}

export class ResponseMessage {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly body: unknown;
  readonly sentAtUs: number;

  constructor(api: Api, version: number, correlationId: number, body: unknown, sentAtUs: number) {
    this.api = api;
    this.version = version;
    this.correlationId = correlationId;
    this.body = body;
    this.sentAtUs = sentAtUs;
  }
}

/** A frame between simulated ends; when it was sent travels beside it, for the trace. */
export class EncodedMessage {
  readonly bytes: Uint8Array;
  readonly sentAtUs: number;

  constructor(bytes: Uint8Array, sentAtUs: number) {
    this.bytes = bytes;
    this.sentAtUs = sentAtUs;
  }
}

/** The answer to a real client, and what is to be told of it where it arrives. */
export class WitnessedFrame {
  readonly bytes: Uint8Array;
  readonly testimony: unknown;

  constructor(bytes: Uint8Array, testimony: unknown) {
    this.bytes = bytes;
    this.testimony = testimony;
  }
}

/** Frames are written into one buffer that is used again, and copied out; big ones take the buffer with them. */
let scratch = new Writer();

function blankWriter(): Writer {
  scratch.position = 0;
  return scratch;
}

function frameOf(writer: Writer): Uint8Array {
  if (writer.position <= COPIED_FRAME_BYTES) return writer.bytes.slice(0, writer.position);
  scratch = new Writer();
  return writer.written();
}

export function encodeRequest(message: RequestMessage): Uint8Array {
  const { api, version, correlationId, clientId, body } = message;
  const writer = blankWriter();
  const header = { requestApiKey: api.key, requestApiVersion: version, correlationId, clientId };
  requestHeaderCodec(requestHeaderVersion(api, version)).write(writer, header);
  api.requestCodec(version).write(writer, body);
  return frameOf(writer);
}

/**
 * A message as a request, or null if it is none. Key and version come first in every version of a frame's header; of an
 * unknown API or version just the oldest form is read, which is enough to refuse it.
 */
export function arrivalOf(message: unknown, nowUs: number): Arrival | MalformedMessage {
  if (message instanceof RequestMessage) return message;
  try {
    if (message instanceof EncodedMessage) return decodeHeader(message.bytes, message.sentAtUs, 'encoded');
    if (message instanceof Uint8Array) return decodeHeader(message, nowUs, 'frame');
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    return error;
  }
  return new MalformedMessage('no request');
}

function decodeHeader(frame: Uint8Array, sentAtUs: number, form: Form): Arrival {
  const reader = new Reader(frame);
  const key = reader.int16();
  const version = reader.int16();
  reader.position = 0;
  const api = apiByKey(key);
  const headerVersion = api === undefined || !inRange(api.versions, version) ? 1 : requestHeaderVersion(api, version);
  const { correlationId, clientId } = requestHeaderCodec(headerVersion).read(reader);
  return { api, key, version, correlationId, clientId: clientId ?? '', sentAtUs, body: null, reader, form };
}

export function encodeResponse(api: Api, version: number, correlationId: number, body: unknown): Uint8Array {
  const writer = blankWriter();
  responseHeaderCodec(responseHeaderVersion(api, version)).write(writer, { correlationId });
  api.responseCodec(version).write(writer, body);
  return frameOf(writer);
}

/** What has to be known of a request in order to read its response. */
export type Asked = Pick<RequestMessage, 'api' | 'version' | 'correlationId'>;

/** The body of a response frame, after checking whose answer it is. */
export function decodeResponse(frame: Uint8Array, request: Asked): unknown {
  const { api } = request;
  const reader = new Reader(frame);
  const { correlationId } = responseHeaderCodec(responseHeaderVersion(api, request.version)).read(reader);
  if (correlationId !== request.correlationId) {
    throw new MalformedMessage(`an answer to request ${correlationId} where ${request.correlationId} was expected`);
  }
  return api.responseCodec(answeredVersion(frame, reader.position, request)).read(reader);
}

/** A broker that does not know the asked version of ApiVersions answers in version 0 (KIP-511). */
function answeredVersion(frame: Uint8Array, bodyAt: number, request: Asked): number {
  if (request.api.key !== API_VERSIONS_KEY) return request.version;
  const errorCode = new Reader(frame, bodyAt).int16();
  return errorCode === ErrorCode.UNSUPPORTED_VERSION ? 0 : request.version;
}

/** Bytes on the wire, whatever the form. */
export function sizeOfMessage(message: unknown): number {
  if (message instanceof EncodedMessage || message instanceof WitnessedFrame)
    return LENGTH_PREFIX_BYTES + message.bytes.length;
  if (message instanceof Uint8Array) return LENGTH_PREFIX_BYTES + message.length;
  if (message instanceof RequestMessage) return LENGTH_PREFIX_BYTES + requestSize(message);
  if (message instanceof ResponseMessage) {
    const { api, version, correlationId, body } = message;
    const headerSize = responseHeaderCodec(responseHeaderVersion(api, version)).size({ correlationId });
    return LENGTH_PREFIX_BYTES + headerSize + api.responseCodec(version).size(body);
  }
  return LENGTH_PREFIX_BYTES;
}

function requestSize({ api, version, correlationId, clientId, body }: RequestMessage): number {
  const header = { requestApiKey: api.key, requestApiVersion: version, correlationId, clientId };
  const headerSize = requestHeaderCodec(requestHeaderVersion(api, version)).size(header);
  return headerSize + api.requestCodec(version).size(body);
}

/** The error code that stands at the top of a response in this version, or null where there is none. */
export function topErrorOf(api: Api, version: number, body: unknown): number | null {
  const field = api.response.fields?.errorCode;
  if (field === undefined || field.kind !== 'int16' || !inRange(field.versions, version)) return null;
  if (typeof body !== 'object' || body === null || !('errorCode' in body)) return null;
  return typeof body.errorCode === 'number' ? body.errorCode : null;
}

/** The wrapping in which brokers pass on what clients ask (KIP-590): header and body as bytes. */
import { requestHeaderVersion, responseHeaderVersion } from '../../../protocol/api.ts';
import { requestHeaderCodec, responseHeaderCodec } from '../../../protocol/header.ts';
import { Reader } from '../../../protocol/reader.ts';
import type { Api } from '../../../protocol/schema.ts';
import { Writer } from '../../../protocol/writer.ts';
import { type ControllerApi, controllerApi } from './apis.ts';

export interface Forwarded {
  readonly entry: ControllerApi;
  readonly version: number;
  readonly correlationId: number;
  readonly body: unknown;
}

export function wrapRequest(api: Api, version: number, body: unknown, clientId: string): Uint8Array {
  const header = requestHeaderCodec(requestHeaderVersion(api, version));
  const head = { requestApiKey: api.key, requestApiVersion: version, correlationId: 0, clientId };
  const codec = api.requestCodec(version);
  const writer = new Writer(header.size(head) + codec.size(body));
  header.write(writer, head);
  codec.write(writer, body);
  return writer.written();
}

/** Undefined for an API that is not to be forwarded. */
export function unwrapRequest(bytes: Uint8Array): Forwarded | undefined {
  const { requestApiKey, requestApiVersion } = requestHeaderCodec(1).read(new Reader(bytes));
  const entry = controllerApi(requestApiKey);
  if (entry?.forwarded !== true) return undefined;
  const { min, max } = entry.api.versions;
  if (requestApiVersion < min || requestApiVersion > max) return undefined;
  const reader = new Reader(bytes);
  const { correlationId } = requestHeaderCodec(requestHeaderVersion(entry.api, requestApiVersion)).read(reader);
  return {
    entry,
    version: requestApiVersion,
    correlationId,
    body: entry.api.requestCodec(requestApiVersion).read(reader),
  };
}

export function wrapResponse({ entry, version, correlationId }: Forwarded, body: unknown): Uint8Array {
  const { api } = entry;
  const header = responseHeaderCodec(responseHeaderVersion(api, version));
  const codec = api.responseCodec(version);
  const writer = new Writer(header.size({ correlationId }) + codec.size(body));
  header.write(writer, { correlationId });
  codec.write(writer, body);
  return writer.written();
}

export function unwrapResponse(api: Api, version: number, bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  responseHeaderCodec(responseHeaderVersion(api, version)).read(reader);
  return api.responseCodec(version).read(reader);
}

import { codecs } from './api.ts';
import { int16, int32, string, struct, type Value } from './schema.ts';

/** What stands before every request. Version 0 lacks the client id, version 2 has tagged fields. */
export const RequestHeader = struct({
  requestApiKey: int16(),
  requestApiVersion: int16(),
  correlationId: int32(),
  clientId: string({ versions: '1+', nullable: '1+', ignorable: true, flexible: false }),
});

/** What stands before every response. Version 1 has tagged fields. */
export const ResponseHeader = struct({
  correlationId: int32(),
});

export type RequestHeader = Value<typeof RequestHeader>;
export type ResponseHeader = Value<typeof ResponseHeader>;

export const requestHeaderCodec = codecs(RequestHeader, {
  versions: { min: 0, max: 2 },
  firstFlexible: 2,
  path: 'RequestHeader',
});

export const responseHeaderCodec = codecs(ResponseHeader, {
  versions: { min: 0, max: 1 },
  firstFlexible: 1,
  path: 'ResponseHeader',
});

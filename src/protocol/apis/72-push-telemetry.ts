import { api } from '../api.ts';
import { bool, bytes, int8, int16, int32, struct, uuid, type Value } from '../schema.ts';

/** A client sends metrics (KIP-714). */
export const PushTelemetry = api({
  key: 72,
  name: 'PushTelemetry',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['broker'],
  request: struct({
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: bool(),
    compressionType: int8(),
    metrics: bytes(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
  }),
});

export type PushTelemetryRequest = Value<typeof PushTelemetry.request>;

export type PushTelemetryResponse = Value<typeof PushTelemetry.response>;

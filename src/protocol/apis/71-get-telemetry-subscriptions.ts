import { api } from '../api.ts';
import { array, bool, int8, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

/** A client asks which of its metrics the cluster wants (KIP-714). */
export const GetTelemetrySubscriptions = api({
  key: 71,
  name: 'GetTelemetrySubscriptions',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['broker'],
  request: struct({
    clientInstanceId: uuid(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: array(int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: bool(),
    requestedMetrics: array(string()),
  }),
});

export type GetTelemetrySubscriptionsRequest = Value<typeof GetTelemetrySubscriptions.request>;

export type GetTelemetrySubscriptionsResponse = Value<typeof GetTelemetrySubscriptions.response>;

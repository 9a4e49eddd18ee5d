import { api } from '../api.ts';
import { array, bool, int16, int32, int64, struct, uuid, type Value } from '../schema.ts';

/** A KRaft broker says that it is alive and how far it has caught up, and asks to be unfenced or to shut down. */
export const BrokerHeartbeat = api({
  key: 63,
  name: 'BrokerHeartbeat',
  versions: '0-1',
  flexible: 0,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['controller'],
  request: struct({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    currentMetadataOffset: int64(),
    wantFence: bool(),
    wantShutDown: bool(),
    offlineLogDirs: array(uuid(), { versions: '1+', tag: 0 }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    isCaughtUp: bool(),
    isFenced: bool({ default: true }),
    shouldShutDown: bool(),
  }),
});

export type BrokerHeartbeatRequest = Value<typeof BrokerHeartbeat.request>;

export type BrokerHeartbeatResponse = Value<typeof BrokerHeartbeat.response>;

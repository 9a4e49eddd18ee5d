import { api } from '../api.ts';
import { array, bool, int16, int32, int64, string, struct, uint16, uuid, type Value } from '../schema.ts';

/** A KRaft broker registers with the controller at each of its starts. */
export const BrokerRegistration = api({
  key: 62,
  name: 'BrokerRegistration',
  versions: '0-4',
  flexible: 0,
  offered: { '3.9': '0-4', '4.0': '0-4', '4.1': '0-4', '4.2': '0-4' },
  listeners: ['controller'],
  request: struct({
    brokerId: int32(),
    clusterId: string(),
    incarnationId: uuid(),
    listeners: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
        securityProtocol: int16(),
      }),
    ),
    features: array(
      struct({
        name: string(),
        minSupportedVersion: int16(),
        maxSupportedVersion: int16(),
      }),
    ),
    rack: string({ nullable: '0+' }),
    isMigratingZkBroker: bool({ versions: '1+' }),
    logDirs: array(uuid(), { versions: '2+', ignorable: true }),
    previousBrokerEpoch: int64({ versions: '3+', default: -1, ignorable: true }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    brokerEpoch: int64({ default: -1 }),
  }),
});

export type BrokerRegistrationRequest = Value<typeof BrokerRegistration.request>;
export type BrokerRegistrationRequestListener = BrokerRegistrationRequest['listeners'][number];
export type BrokerRegistrationRequestFeature = BrokerRegistrationRequest['features'][number];

export type BrokerRegistrationResponse = Value<typeof BrokerRegistration.response>;

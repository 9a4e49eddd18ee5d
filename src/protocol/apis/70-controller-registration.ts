import { api } from '../api.ts';
import { array, bool, int16, int32, string, struct, uint16, uuid, type Value } from '../schema.ts';

/** A KRaft controller registers with the active controller. */
export const ControllerRegistration = api({
  key: 70,
  name: 'ControllerRegistration',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['controller'],
  request: struct({
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
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
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
  }),
});

export type ControllerRegistrationRequest = Value<typeof ControllerRegistration.request>;
export type ControllerRegistrationRequestListener = ControllerRegistrationRequest['listeners'][number];
export type ControllerRegistrationRequestFeature = ControllerRegistrationRequest['features'][number];

export type ControllerRegistrationResponse = Value<typeof ControllerRegistration.response>;

import { array, bool, int16, int32, string, struct, uint16, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A controller registered (KIP-919). */
export const RegisterControllerRecord = metadataRecord({
  key: 27,
  name: 'RegisterControllerRecord',
  versions: '0',
  schema: struct({
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
    endPoints: array(
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
});

export type RegisterControllerRecord = Value<typeof RegisterControllerRecord.schema>;
export type ControllerEndpoint = RegisterControllerRecord['endPoints'][number];
export type ControllerFeature = RegisterControllerRecord['features'][number];

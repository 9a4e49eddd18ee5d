import { array, bool, int16, int32, int64, string, struct, uint16, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A broker registered; the offset of this record is its broker epoch. */
export const RegisterBrokerRecord = metadataRecord({
  key: 0,
  name: 'RegisterBrokerRecord',
  versions: '0-3',
  schema: struct({
    brokerId: int32(),
    isMigratingZkBroker: bool({ versions: '2+' }),
    incarnationId: uuid(),
    brokerEpoch: int64(),
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
    rack: string({ nullable: '0+' }),
    fenced: bool({ default: true }),
    inControlledShutdown: bool({ versions: '1+' }),
    logDirs: array(uuid(), { versions: '3+', tag: 0 }),
  }),
});

export type RegisterBrokerRecord = Value<typeof RegisterBrokerRecord.schema>;
export type BrokerEndpoint = RegisterBrokerRecord['endPoints'][number];
export type BrokerFeature = RegisterBrokerRecord['features'][number];

import { int32, int64, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A broker's registration was removed. */
export const UnregisterBrokerRecord = metadataRecord({
  key: 1,
  name: 'UnregisterBrokerRecord',
  versions: '0',
  schema: struct({
    brokerId: int32(),
    brokerEpoch: int64(),
  }),
});

export type UnregisterBrokerRecord = Value<typeof UnregisterBrokerRecord.schema>;

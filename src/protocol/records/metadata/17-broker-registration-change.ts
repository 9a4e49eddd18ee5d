import { array, int8, int32, int64, struct, uuid, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A broker was fenced or unfenced, began its controlled shutdown, or lost log directories. */
export const BrokerRegistrationChangeRecord = metadataRecord({
  key: 17,
  name: 'BrokerRegistrationChangeRecord',
  versions: '0-2',
  schema: struct({
    brokerId: int32(),
    brokerEpoch: int64(),
    fenced: int8({ tag: 0 }),
    inControlledShutdown: int8({ versions: '1+', tag: 1 }),
    logDirs: array(uuid(), { versions: '2+', tag: 2 }),
  }),
});

export type BrokerRegistrationChangeRecord = Value<typeof BrokerRegistrationChangeRecord.schema>;

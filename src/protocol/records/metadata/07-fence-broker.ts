import { int32, int64, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A broker was fenced (before BrokerRegistrationChangeRecord). */
export const FenceBrokerRecord = metadataRecord({
  key: 7,
  name: 'FenceBrokerRecord',
  versions: '0',
  schema: struct({
    id: int32(),
    epoch: int64(),
  }),
});

export type FenceBrokerRecord = Value<typeof FenceBrokerRecord.schema>;

import { int32, int64, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A broker was unfenced (before BrokerRegistrationChangeRecord). */
export const UnfenceBrokerRecord = metadataRecord({
  key: 8,
  name: 'UnfenceBrokerRecord',
  versions: '0',
  schema: struct({
    id: int32(),
    epoch: int64(),
  }),
});

export type UnfenceBrokerRecord = Value<typeof UnfenceBrokerRecord.schema>;

import { int32, int64, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** A block of producer ids was given to a broker. */
export const ProducerIdsRecord = metadataRecord({
  key: 15,
  name: 'ProducerIdsRecord',
  versions: '0',
  schema: struct({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    nextProducerId: int64(),
  }),
});

export type ProducerIdsRecord = Value<typeof ProducerIdsRecord.schema>;

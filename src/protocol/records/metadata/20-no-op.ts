import { struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** Nothing: moves the high watermark of an idle quorum. */
export const NoOpRecord = metadataRecord({ key: 20, name: 'NoOpRecord', versions: '0', schema: struct({}) });

export type NoOpRecord = Value<typeof NoOpRecord.schema>;

import { int8, struct, type Value } from '../../schema.ts';
import { metadataRecord } from '../metadata-record.ts';

/** The migration from ZooKeeper reached a state. */
export const ZkMigrationRecord = metadataRecord({
  key: 21,
  name: 'ZkMigrationRecord',
  versions: '0',
  schema: struct({
    zkMigrationState: int8(),
  }),
});

export type ZkMigrationRecord = Value<typeof ZkMigrationRecord.schema>;

import { codecs } from '../api.ts';
import type { Codec } from '../codec.ts';
import type { Schema } from '../schema.ts';
import { parseVersions, type VersionRange, type Versions } from '../versions.ts';

/** One kind of record in the log of the KRaft quorum, `__cluster_metadata`. All versions are flexible. */
export interface MetadataRecordKind<T = unknown, Init = T> {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionRange;
  readonly schema: Schema<T, Init>;
  codec(version: number): Codec<T>;
}

interface Description<T, Init> {
  readonly key: number;
  readonly name: string;
  readonly versions: Versions;
  readonly schema: Schema<T, Init>;
}

export function metadataRecord<T, Init>({
  key,
  name,
  versions,
  schema,
}: Description<T, Init>): MetadataRecordKind<T, Init> {
  const range = parseVersions(versions);
  return {
    key,
    name,
    versions: range,
    schema,
    codec: codecs(schema, { versions: range, firstFlexible: 0, path: name }),
  };
}

/** What records of the metadata log decide, by their kinds. */
import { type BatchView, batches, decodeRecords } from '../../../protocol/record-batch.ts';
import { decodeMetadataRecord } from '../../../protocol/records/metadata/index.ts';

/** More than these are not looked into: a replica that starts reads the whole log. */
const MOST_BYTES = 4096;

export const ONLY_NO_OPS = 'NoOp';

/** `PartitionChange ×3, BrokerRegistrationChange`; empty where nothing is to be said. Throws `MalformedMessage` for nonsense. */
export function metadataText(bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) return '';
  const counts = new Map<string, number>();
  for (const batch of batches(bytes)) for (const kind of kindsIn(batch)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size === 1 && counts.has(ONLY_NO_OPS)) return ONLY_NO_OPS;
  return [...counts].map(([kind, times]) => (times === 1 ? kind : `${kind} ×${times}`)).join(', ');
}

/** As Kafka calls them, without `Record`. */
function kindsIn(batch: BatchView): readonly string[] {
  if (batch.isControl) return ['LeaderChange'];
  const result = decodeRecords(batch);
  if (result.kind !== 'records') return [];
  return result.records.flatMap(({ value }) =>
    value === null ? [] : [decodeMetadataRecord(value).type.replace(/Record$/, '')],
  );
}

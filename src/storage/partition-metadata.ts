import type { Disk } from '../kernel/api.ts';
import { utf8Decode, utf8Encode } from '../protocol/utf8.ts';
import { isUuid, type Uuid, ZERO_UUID } from '../protocol/uuid.ts';
import { readWhole } from './checkpoints.ts';

/** `partition.metadata` of a log: which topic, of all that ever had this name, it belongs to. */
export const PARTITION_METADATA_FILE = 'partition.metadata';

export function encodePartitionMetadata(topicId: Uuid): Uint8Array {
  return utf8Encode(`version: 0\ntopic_id: ${topicId}`);
}

/** The zero id where the file is missing or unreadable: a log without one holds nothing that anybody relies on. */
export function readTopicId(disk: Disk, directory: string): Uuid {
  const bytes = readWhole(disk, `${directory}/${PARTITION_METADATA_FILE}`);
  if (bytes === undefined) return ZERO_UUID;
  const id = /^version: \d+\s+topic_id: (\S+)\s*$/.exec(utf8Decode(bytes))?.[1];
  return id !== undefined && isUuid(id) ? id : ZERO_UUID;
}

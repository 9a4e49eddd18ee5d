import type { Chance, Disk } from '../kernel/api.ts';
import { utf8Decode, utf8Encode } from '../protocol/utf8.ts';
import { isUuid, type Uuid, uuidFromBytes, ZERO_UUID } from '../protocol/uuid.ts';
import { readWhole } from './checkpoints.ts';

/** Who a log directory belongs to (Kafka's MetaPropertiesEnsemble). */
export interface MetaProperties {
  readonly mode: 'kraft' | 'zookeeper';
  readonly clusterId: string;
  readonly nodeId: number;
  /** Kraft only; null in ZooKeeper mode. */
  readonly directoryId: Uuid | null;
}

export const META_PROPERTIES_FILE = 'meta.properties';

/** Why a process cannot start with its log directories; the message is for the operator. */
export class LogDirectoryError extends Error {
  override readonly name = 'LogDirectoryError';
}

/**
 * Checks whom a disk belongs to, and formats one that is new, as `kafka-storage.sh format` does. Returns the directory's id
 * (KIP-858); ZooKeeper mode has none, and gets the zero id. Throws where the disk belongs to somebody else.
 */
export function claimDirectory(disk: Disk, wanted: Omit<MetaProperties, 'directoryId'>, chance: Chance): Uuid {
  const found = readMetaProperties(disk);
  const mismatch = found && metaPropertiesMismatch(found, wanted);
  if (mismatch !== undefined) throw new LogDirectoryError(mismatch);
  const known = found && directoryIdIn(found);
  if (wanted.mode === 'zookeeper') {
    if (found === undefined) writeMetaProperties(disk, { ...wanted, directoryId: null });
    return known ?? ZERO_UUID;
  }
  if (known !== undefined) return known;
  const directoryId = uuidFromBytes(chance.bytes(16));
  writeMetaProperties(disk, { ...wanted, directoryId });
  return directoryId;
}

/** Renamed before it is synced, so that whoever shares the disk in this process sees it at once; both become durable together. */
function writeMetaProperties(disk: Disk, properties: MetaProperties): void {
  const file = disk.open(`${META_PROPERTIES_FILE}.tmp`, true);
  if (file.size > 0) file.truncate(0);
  file.append(encodeMetaProperties(properties));
  disk.rename(`${META_PROPERTIES_FILE}.tmp`, META_PROPERTIES_FILE);
  file.sync(ignore, null);
}

function ignore(): void {}

export function encodeMetaProperties({ mode, clusterId, nodeId, directoryId }: MetaProperties): Uint8Array {
  const lines = mode === 'kraft' ? [`node.id=${nodeId}`, 'version=1'] : [`broker.id=${nodeId}`, 'version=0'];
  if (directoryId !== null) lines.unshift(`directory.id=${directoryId}`);
  return utf8Encode(`#\n${lines.join('\n')}\ncluster.id=${clusterId}\n`);
}

/** The file's properties, or undefined where there is no file. */
export function readMetaProperties(disk: Disk): ReadonlyMap<string, string> | undefined {
  const bytes = readWhole(disk, META_PROPERTIES_FILE);
  return bytes === undefined ? undefined : parseProperties(utf8Decode(bytes));
}

/** Why a directory cannot serve this node, in Kafka's terms; undefined if it can. */
function metaPropertiesMismatch(
  found: ReadonlyMap<string, string>,
  wanted: Omit<MetaProperties, 'directoryId'>,
): string | undefined {
  const clusterId = found.get('cluster.id');
  if (clusterId !== undefined && clusterId !== wanted.clusterId) {
    return `Invalid cluster.id in: ${META_PROPERTIES_FILE}. Expected ${wanted.clusterId}, but read ${clusterId}`;
  }
  const nodeId = found.get('node.id') ?? found.get('broker.id');
  if (nodeId !== undefined && nodeId !== String(wanted.nodeId)) {
    return `Stored node id ${nodeId} doesn't match previous node id ${wanted.nodeId} in ${META_PROPERTIES_FILE}.`;
  }
  return undefined;
}

function directoryIdIn(found: ReadonlyMap<string, string>): Uuid | undefined {
  const id = found.get('directory.id');
  return id !== undefined && isUuid(id) ? id : undefined;
}

/** Java's properties format, as far as such files use it: comments, `=` or `:`, blanks around, backslash escapes. */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const entry = /^\s*(?![#!])((?:[^\s=:\\]|\\.)+)\s*[=:\s]\s*(.*?)\s*$/.exec(line);
    if (entry !== null) properties.set(unescaped(entry[1]!), unescaped(entry[2]!));
  }
  return properties;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

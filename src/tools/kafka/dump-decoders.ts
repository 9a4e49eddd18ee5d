/** The records of internal topics and of the metadata log as text: the decoders of DumpLogSegments. */

import { Reader } from '../../protocol/reader.ts';
import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  decodeAssignment,
  decodeSubscription,
} from '../../protocol/records/consumer-protocol.ts';
import type { CoordinatorRecordKind } from '../../protocol/records/coordinator-record.ts';
import { groupRecords } from '../../protocol/records/group/index.ts';
import { decodeMetadataRecord, metadataRecords } from '../../protocol/records/metadata/index.ts';
import type { MetadataRecordKind } from '../../protocol/records/metadata-record.ts';
import { TransactionLog } from '../../protocol/records/transaction/00-transaction-log.ts';
import { utf8Decode } from '../../protocol/utf8.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { schemaJson } from './schema-json.ts';

/** Null: there is none. */
export interface RecordText {
  readonly key: string | null;
  readonly payload: string | null;
}

interface Bytes {
  readonly offset: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

export type Decoder = (record: Bytes) => RecordText;

export const plainDecoder: Decoder = ({ key, value }) => ({
  key: key === null ? null : utf8Decode(key),
  payload: value === null ? null : utf8Decode(value),
});

const GROUP_KINDS: readonly CoordinatorRecordKind[] = Object.values(groupRecords);
const TRANSACTION_KINDS: readonly CoordinatorRecordKind[] = [TransactionLog];

export const offsetsDecoder: Decoder = coordinatorDecoder(GROUP_KINDS);
export const transactionDecoder: Decoder = coordinatorDecoder(TRANSACTION_KINDS);

function coordinatorDecoder(kinds: readonly CoordinatorRecordKind[]): Decoder {
  return (record) => {
    try {
      const json = coordinatorJson(kinds, record);
      if (json === undefined)
        return {
          key: `Unknown record type ${new Reader(record.key!).int16()} at offset ${record.offset}, skipping.`,
          payload: null,
        };
      const { type, key, version, value } = json;
      return {
        key: JSON.stringify({ type: String(type), data: key }),
        payload: value === null ? '<DELETE>' : JSON.stringify({ version: String(version), data: value }),
      };
    } catch (thrown) {
      if (!(thrown instanceof MalformedMessage)) throw thrown;
      return { key: `Error at offset ${record.offset}, skipping. ${thrown.message}`, payload: null };
    }
  };
}

interface CoordinatorJson {
  /** Of the kind: `OffsetCommit`. */
  readonly name: string;
  readonly type: number;
  readonly key: unknown;
  /** Null where the value is. */
  readonly version: number | null;
  readonly value: unknown;
}

export const groupJson = (record: Bytes): CoordinatorJson | undefined => coordinatorJson(GROUP_KINDS, record);
export const transactionJson = (record: Bytes): CoordinatorJson | undefined =>
  coordinatorJson(TRANSACTION_KINDS, record);

/** Undefined for a kind that is not among these. Throws `MalformedMessage`. */
function coordinatorJson(kinds: readonly CoordinatorRecordKind[], { key, value }: Bytes): CoordinatorJson | undefined {
  if (key === null) throw new MalformedMessage('a record without a key');
  const keyReader = new Reader(key);
  const type = keyReader.int16();
  const kind = kinds.find(({ id, oldId }) => id === type || oldId === type);
  if (kind === undefined) return undefined;
  const keyJson = schemaJson(kind.key, 0, kind.keyCodec(0).read(keyReader));
  if (value === null) return { name: kind.name, type, key: keyJson, version: null, value: null };
  const reader = new Reader(value);
  const version = reader.int16();
  const read = kind.valueCodec(version).read(reader);
  return { name: kind.name, type, key: keyJson, version, value: opened(kind, version, read) };
}

/** What consumers have told each other through their group is bytes to its coordinator, and is taken apart here. */
function opened(kind: CoordinatorRecordKind, version: number, read: unknown): unknown {
  const json = schemaJson(kind.value, version, read);
  if (kind.name !== 'GroupMetadata') return json;
  const { protocolType, members } = read as {
    readonly protocolType: string;
    readonly members: readonly { readonly subscription: Uint8Array; readonly assignment: Uint8Array }[];
  };
  if (protocolType !== 'consumer') return json;
  const shown = json as { readonly members: readonly object[] };
  return {
    ...shown,
    members: shown.members.map((member, index) => {
      const { subscription, assignment } = members[index]!;
      return {
        ...member,
        ...(subscription.length === 0
          ? {}
          : { subscription: protocolJson(ConsumerProtocolSubscription, subscription, decodeSubscription) }),
        ...(assignment.length === 0
          ? {}
          : { assignment: protocolJson(ConsumerProtocolAssignment, assignment, decodeAssignment) }),
      };
    }),
  };
}

function protocolJson<T>(
  schema: Parameters<typeof schemaJson>[0],
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => T,
): unknown {
  return schemaJson(schema, new Reader(bytes).int16(), decode(bytes));
}

/** `{"type":"TOPIC_RECORD","version":0,"data":{…}}`. */
export const metadataDecoder: Decoder = ({ offset, value }) => {
  if (value === null) return { key: null, payload: null };
  try {
    const { type, version, value: read } = decodeMetadataRecord(value);
    const kind: MetadataRecordKind = metadataRecords[type];
    return {
      key: null,
      payload: JSON.stringify({ type: upper(type), version, data: schemaJson(kind.schema, version, read) }),
    };
  } catch (thrown) {
    if (!(thrown instanceof MalformedMessage)) throw thrown;
    return { key: null, payload: `Error at ${offset}, skipping. ${thrown.message}` };
  }
};

/** `RegisterBrokerRecord` → `REGISTER_BROKER_RECORD`. */
function upper(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

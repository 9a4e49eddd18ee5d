import { Reader } from '../../reader.ts';
import type { Value } from '../../schema.ts';
import { MalformedMessage } from '../../wire-error.ts';
import { uvarintSize, Writer } from '../../writer.ts';
import type { MetadataRecordKind } from '../metadata-record.ts';
import { RegisterBrokerRecord } from './00-register-broker.ts';
import { UnregisterBrokerRecord } from './01-unregister-broker.ts';
import { TopicRecord } from './02-topic.ts';
import { PartitionRecord } from './03-partition.ts';
import { ConfigRecord } from './04-config.ts';
import { PartitionChangeRecord } from './05-partition-change.ts';
import { FenceBrokerRecord } from './07-fence-broker.ts';
import { UnfenceBrokerRecord } from './08-unfence-broker.ts';
import { RemoveTopicRecord } from './09-remove-topic.ts';
import { DelegationTokenRecord } from './10-delegation-token.ts';
import { UserScramCredentialRecord } from './11-user-scram-credential.ts';
import { FeatureLevelRecord } from './12-feature-level.ts';
import { ClientQuotaRecord } from './14-client-quota.ts';
import { ProducerIdsRecord } from './15-producer-ids.ts';
import { BrokerRegistrationChangeRecord } from './17-broker-registration-change.ts';
import { AccessControlEntryRecord } from './18-access-control-entry.ts';
import { RemoveAccessControlEntryRecord } from './19-remove-access-control-entry.ts';
import { NoOpRecord } from './20-no-op.ts';
import { ZkMigrationRecord } from './21-zk-migration.ts';
import { RemoveUserScramCredentialRecord } from './22-remove-user-scram-credential.ts';
import { BeginTransactionRecord } from './23-begin-transaction.ts';
import { EndTransactionRecord } from './24-end-transaction.ts';
import { AbortTransactionRecord } from './25-abort-transaction.ts';
import { RemoveDelegationTokenRecord } from './26-remove-delegation-token.ts';
import { RegisterControllerRecord } from './27-register-controller.ts';
import { ClearElrRecord } from './28-clear-elr.ts';

/** Every kind of metadata record, by name and by rising key. */
export const metadataRecords = {
  RegisterBrokerRecord,
  UnregisterBrokerRecord,
  TopicRecord,
  PartitionRecord,
  ConfigRecord,
  PartitionChangeRecord,
  FenceBrokerRecord,
  UnfenceBrokerRecord,
  RemoveTopicRecord,
  DelegationTokenRecord,
  UserScramCredentialRecord,
  FeatureLevelRecord,
  ClientQuotaRecord,
  ProducerIdsRecord,
  BrokerRegistrationChangeRecord,
  AccessControlEntryRecord,
  RemoveAccessControlEntryRecord,
  NoOpRecord,
  ZkMigrationRecord,
  RemoveUserScramCredentialRecord,
  BeginTransactionRecord,
  EndTransactionRecord,
  AbortTransactionRecord,
  RemoveDelegationTokenRecord,
  RegisterControllerRecord,
  ClearElrRecord,
} as const;

export type MetadataRecordName = keyof typeof metadataRecords;

/** A metadata record with its kind and the version of its form: `switch (record.type)` gives the type of its value. */
export type MetadataRecord = {
  readonly [K in MetadataRecordName]: {
    readonly type: K;
    readonly version: number;
    readonly value: Value<(typeof metadataRecords)[K]['schema']>;
  };
}[MetadataRecordName];

/** The frame that stands before each record; Kafka has had no other (AbstractApiMessageSerde). */
const FRAME_VERSION = 1;

const byKey: (MetadataRecordKind | undefined)[] = [];
for (const kind of Object.values<MetadataRecordKind>(metadataRecords)) byKey[kind.key] = kind;

/** The value of the log record that carries a metadata record: frame, key and version as uvarints, then the fields. */
export function encodeMetadataRecord(record: MetadataRecord): Uint8Array {
  const kind: MetadataRecordKind = metadataRecords[record.type];
  const codec = kind.codec(record.version);
  const writer = new Writer(2 + uvarintSize(record.version) + codec.size(record.value));
  writer.uvarint(FRAME_VERSION);
  writer.uvarint(kind.key);
  writer.uvarint(record.version);
  codec.write(writer, record.value);
  return writer.written();
}

export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  const reader = new Reader(bytes);
  const frame = reader.uvarint();
  if (frame !== FRAME_VERSION) throw new MalformedMessage(`a metadata record with frame ${frame}`);
  const key = reader.uvarint();
  const kind = byKey[key];
  if (kind === undefined) throw new MalformedMessage(`a metadata record of unknown kind ${key}`);
  const version = reader.uvarint();
  if (version > kind.versions.max) throw new MalformedMessage(`${kind.name} of unknown version ${version}`);
  const value = kind.codec(version).read(reader);
  if (reader.remaining > 0) throw new MalformedMessage(`${kind.name} is followed by ${reader.remaining} bytes`);
  return { type: kind.name, version, value } as MetadataRecord;
}

import { codecs } from '../api.ts';
import type { Codec } from '../codec.ts';
import { type ControlRecord, type ControlType, decodeControlKey } from '../control-batch.ts';
import { Reader } from '../reader.ts';
import { array, int16, int32, int64, string, struct, uint16, uuid, type Value } from '../schema.ts';
import { checkVersion } from '../versions.ts';
import { Writer } from '../writer.ts';

const Voter = struct({
  voterId: int32(),
  voterDirectoryId: uuid({ versions: '1+' }),
});

/** A new leader of the quorum, its voters, and who voted for it. The first record of its epoch. */
export const LeaderChangeMessage = struct({
  version: int16(),
  leaderId: int32(),
  voters: array(Voter),
  grantingVoters: array(Voter),
});

export type LeaderChangeMessage = Value<typeof LeaderChangeMessage>;
export type Voter = Value<typeof Voter>;

/** The first record of a snapshot. */
export const SnapshotHeaderRecord = struct({
  version: int16(),
  lastContainedLogTimestamp: int64(),
});

export type SnapshotHeaderRecord = Value<typeof SnapshotHeaderRecord>;

/** The last record of a snapshot. */
export const SnapshotFooterRecord = struct({
  version: int16(),
});

export type SnapshotFooterRecord = Value<typeof SnapshotFooterRecord>;

/** The version of the quorum protocol: 1 since voters may change (KIP-853). */
export const KRaftVersionRecord = struct({
  version: int16(),
  kRaftVersion: int16(),
});

export type KRaftVersionRecord = Value<typeof KRaftVersionRecord>;

/** The voters from this offset on (KIP-853). */
export const VotersRecord = struct({
  version: int16(),
  voters: array(
    struct({
      voterId: int32(),
      voterDirectoryId: uuid(),
      endpoints: array(
        struct({
          name: string(),
          host: string(),
          port: uint16(),
        }),
      ),
      kRaftVersionFeature: struct({
        minSupportedVersion: int16(),
        maxSupportedVersion: int16(),
      }),
    }),
  ),
});

export type VotersRecord = Value<typeof VotersRecord>;
export type VotersRecordVoter = VotersRecord['voters'][number];
export type VotersRecordEndpoint = VotersRecordVoter['endpoints'][number];
export type KRaftVersionFeature = VotersRecordVoter['kRaftVersionFeature'];

/** A control record of the KRaft log with its value taken apart. */
export type QuorumControl =
  | { readonly type: 'leader-change'; readonly value: LeaderChangeMessage }
  | { readonly type: 'snapshot-header'; readonly value: SnapshotHeaderRecord }
  | { readonly type: 'snapshot-footer'; readonly value: SnapshotFooterRecord }
  | { readonly type: 'kraft-version'; readonly value: KRaftVersionRecord }
  | { readonly type: 'kraft-voters'; readonly value: VotersRecord };

const family = { firstFlexible: 0, versions: { min: 0, max: 0 } };
const codecsOf: { readonly [K in QuorumControl['type']]: (version: number) => Codec<unknown> } = {
  'leader-change': codecs(LeaderChangeMessage, {
    ...family,
    versions: { min: 0, max: 1 },
    path: 'LeaderChangeMessage',
  }),
  'snapshot-header': codecs(SnapshotHeaderRecord, { ...family, path: 'SnapshotHeaderRecord' }),
  'snapshot-footer': codecs(SnapshotFooterRecord, { ...family, path: 'SnapshotFooterRecord' }),
  'kraft-version': codecs(KRaftVersionRecord, { ...family, path: 'KRaftVersionRecord' }),
  'kraft-voters': codecs(VotersRecord, { ...family, path: 'VotersRecord' }),
};

/** These values carry no version before them: each begins with its own, in the field `version`. */
export function encodeQuorumControl({ type, value }: QuorumControl): ControlRecord {
  const codec = codecsOf[type](value.version);
  const writer = new Writer(codec.size(value));
  codec.write(writer, value);
  return { type, value: writer.written() };
}

/** Undefined for a control record of another kind, or of the future. */
export function decodeQuorumControl(key: Uint8Array | null, bytes: Uint8Array): QuorumControl | undefined {
  const type = decodeControlKey(key);
  if (type === undefined || !isQuorumType(type)) return undefined;
  const versions = { min: 0, max: type === 'leader-change' ? 1 : 0 };
  const version = checkVersion(new Reader(bytes).int16(), versions, type);
  const value = codecsOf[type](version).read(new Reader(bytes));
  return { type, value } as QuorumControl;
}

function isQuorumType(type: ControlType): type is QuorumControl['type'] {
  return type !== 'abort' && type !== 'commit';
}

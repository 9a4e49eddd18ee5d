import { codecs } from '../api.ts';
import { Reader } from '../reader.ts';
import { array, bytes, int32, string, struct, type Value } from '../schema.ts';
import { checkVersion, LAST_VERSION } from '../versions.ts';
import { Writer } from '../writer.ts';

/** What a consumer of a classic group tells about itself when it joins. */
export const ConsumerProtocolSubscription = struct({
  topics: array(string()),
  userData: bytes({ nullable: '0+', default: null }),
  ownedPartitions: array(
    struct({
      topic: string(),
      partitions: array(int32()),
    }),
    { versions: '1+', ignorable: true },
  ),
  generationId: int32({ versions: '2+', default: -1, ignorable: true }),
  rackId: string({ versions: '3+', nullable: '0+', default: null, ignorable: true }),
});

export type ConsumerProtocolSubscription = Value<typeof ConsumerProtocolSubscription>;
export type TopicPartition = ConsumerProtocolSubscription['ownedPartitions'][number];

/** What the leader of a classic group assigns to a consumer. */
export const ConsumerProtocolAssignment = struct({
  assignedPartitions: array(
    struct({
      topic: string(),
      partitions: array(int32()),
    }),
  ),
  userData: bytes({ nullable: '0+', default: null }),
});

export type ConsumerProtocolAssignment = Value<typeof ConsumerProtocolAssignment>;
export type ConsumerProtocolAssignmentTopicPartition = ConsumerProtocolAssignment['assignedPartitions'][number];

/** The newest version of both. A reader takes a newer one as this one: fields are only ever added at the end. */
const VERSION = 3;
const family = { versions: { min: 0, max: VERSION }, firstFlexible: LAST_VERSION + 1 };
const subscriptionCodec = codecs(ConsumerProtocolSubscription, { ...family, path: 'ConsumerProtocolSubscription' });
const assignmentCodec = codecs(ConsumerProtocolAssignment, { ...family, path: 'ConsumerProtocolAssignment' });

type CodecOf<T> = ReturnType<typeof codecs<T, unknown>>;

export function encodeSubscription(subscription: ConsumerProtocolSubscription, version = VERSION): Uint8Array {
  return encode(subscriptionCodec, subscription, version);
}

export function decodeSubscription(bytes: Uint8Array): ConsumerProtocolSubscription {
  return decode(subscriptionCodec, bytes);
}

export function encodeAssignment(assignment: ConsumerProtocolAssignment, version = VERSION): Uint8Array {
  return encode(assignmentCodec, assignment, version);
}

export function decodeAssignment(bytes: Uint8Array): ConsumerProtocolAssignment {
  return decode(assignmentCodec, bytes);
}

function encode<T>(codecOf: CodecOf<T>, value: T, version: number): Uint8Array {
  const codec = codecOf(version);
  const writer = new Writer(2 + codec.size(value));
  writer.int16(version);
  codec.write(writer, value);
  return writer.written();
}

function decode<T>(codecOf: CodecOf<T>, bytes: Uint8Array): T {
  const reader = new Reader(bytes);
  const version = Math.min(reader.int16(), VERSION);
  return codecOf(checkVersion(version, family.versions, 'ConsumerProtocol')).read(reader);
}

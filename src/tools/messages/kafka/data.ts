/** Records on their way: produce, fetch, and what is asked about logs. */
import { Produce } from '../../../protocol/apis/00-produce.ts';
import { Fetch, type FetchResponsePartitionData } from '../../../protocol/apis/01-fetch.ts';
import { ListOffsets } from '../../../protocol/apis/02-list-offsets.ts';
import { DeleteRecords } from '../../../protocol/apis/21-delete-records.ts';
import { OffsetForLeaderEpoch } from '../../../protocol/apis/23-offset-for-leader-epoch.ts';
import { FetchSnapshot } from '../../../protocol/apis/59-fetch-snapshot.ts';
import { errorName } from '../../../protocol/errors.ts';
import { METADATA_TOPIC_ID, ZERO_UUID } from '../../../protocol/uuid.ts';
import type { Told } from '../summary.ts';
import { type Describer, describes, failed, more, outcome, partitionText, results } from './describe.ts';
import { metadataText, ONLY_NO_OPS } from './metadata-log.ts';
import { countText, recordsIn } from './records.ts';

const produce = describes(Produce, {
  request({ acks, topicData }, names) {
    let partitions = 0;
    let text = 'nothing';
    for (const { name, topicId, partitionData } of topicData)
      for (const { index, records } of partitionData) {
        partitions += 1;
        if (partitions > 1) continue;
        const seen = recordsIn(records);
        const sequence = seen === undefined || seen.sequence < 0 ? '' : ` seq=${seen.sequence}`;
        text = `${partitionText(name, topicId, index, names)} ${countText(seen?.count ?? 0)}${sequence}`;
      }
    return { text: `${text} acks=${acks === -1 ? 'all' : acks}${more(partitions)}` };
  },
  response({ responses }, names) {
    const each = responses.flatMap(({ name, topicId, partitionResponses }) =>
      partitionResponses.map(({ index, errorCode, baseOffset }) => ({
        what: partitionText(name, topicId, index, names),
        error: errorCode,
        baseOffset,
      })),
    );
    return results(each, () => {
      const [first] = each;
      return first === undefined ? '' : `${first.what} offset=${first.baseOffset}${more(each.length)}`;
    });
  },
});

const fetch = describes(Fetch, {
  request({ topics, sessionId, sessionEpoch }, names) {
    const [topic] = topics;
    const partition = topic?.partitions[0];
    if (topic === undefined || partition === undefined)
      return { text: sessionEpoch > 0 ? `as before (session ${sessionId})` : 'nothing' };
    const { currentLeaderEpoch: epoch, lastFetchedEpoch, fetchOffset } = partition;
    let count = 0;
    for (const { partitions } of topics) count += partitions.length;
    const last = lastFetchedEpoch >= 0 && lastFetchedEpoch !== epoch ? ` lastEpoch=${lastFetchedEpoch}` : '';
    const place = partitionText(topic.topic, topic.topicId, partition.partition, names);
    return { text: `${place} offset=${fetchOffset}${epoch < 0 ? '' : ` epoch=${epoch}`}${last}${more(count)}` };
  },
  response({ errorCode, responses }, names) {
    if (errorCode !== 0) return failed(errorCode);
    let best: Told | undefined;
    let rank = 0;
    let count = 0;
    for (const { topic, topicId, partitions } of responses)
      for (const partition of partitions) {
        const own = rankOf(partition);
        if (own === 0) continue;
        count += 1;
        if (own <= rank) continue;
        rank = own;
        best = fetched(partition, partitionText(topic, topicId, partition.partitionIndex, names), topic, topicId);
      }
    if (best !== undefined) return { ...best, text: best.text + more(count) };
    const [first] = responses;
    const place = first && partitionText(first.topic, first.topicId, first.partitions[0]?.partitionIndex ?? 0, names);
    const water = first?.partitions[0]?.highWatermark;
    // The high watermark has moved, and the session tells it.
    if (place !== undefined && water !== undefined) return { text: `${place} HW=${water}, nothing new`, idle: true };
    return { text: 'nothing new', idle: true };
  },
});

/** What is most worth telling: an error, logs that part, records. 0: nothing. */
function rankOf({ errorCode, divergingEpoch, snapshotId, records }: FetchResponsePartitionData): number {
  if (errorCode !== 0) return 3;
  if (divergingEpoch.epoch >= 0 || snapshotId.endOffset >= 0) return 2;
  return records === null || records.length === 0 ? 0 : 1;
}

function fetched(partition: FetchResponsePartitionData, place: string, topic: string, topicId: string): Told {
  const { errorCode, divergingEpoch, snapshotId, highWatermark, records, currentLeader } = partition;
  if (errorCode !== 0) {
    const leader =
      currentLeader.leaderId >= 0 ? ` (leader ${currentLeader.leaderId}, epoch ${currentLeader.leaderEpoch})` : '';
    return { text: `${place} ${errorName(errorCode)}${leader}`, error: errorCode };
  }
  if (divergingEpoch.epoch >= 0)
    return { text: `${place} logs part: epoch ${divergingEpoch.epoch} ends at ${divergingEpoch.endOffset}` };
  if (snapshotId.endOffset >= 0) return { text: `${place} snapshot at ${snapshotId.endOffset}` };
  const seen = recordsIn(records);
  if (seen === undefined) return { text: `${place} a part of a batch HW=${highWatermark}` };
  const { firstOffset, lastOffset, count, control } = seen;
  const range = firstOffset === lastOffset ? `${firstOffset}` : `${firstOffset}..${lastOffset}`;
  const metadata = topicId === METADATA_TOPIC_ID || topic === '__cluster_metadata' ? metadataText(records!) : '';
  const what = metadata !== '' ? metadata : control ? 'control record' : countText(count);
  return { text: `${place} ${range} (${what}) HW=${highWatermark}`, idle: metadata === ONLY_NO_OPS };
}

const TIMESTAMPS: Readonly<Record<number, string>> = {
  [-1]: 'latest',
  [-2]: 'earliest',
  [-3]: 'max-timestamp',
  [-4]: 'earliest-local',
  [-5]: 'latest-tiered',
};

const listOffsets = describes(ListOffsets, {
  request({ topics }) {
    const each = topics.flatMap(({ name, partitions }) => partitions.map((partition) => ({ name, ...partition })));
    const [first] = each;
    if (first === undefined) return { text: 'nothing' };
    const at = TIMESTAMPS[first.timestamp] ?? `timestamp ${first.timestamp}`;
    return { text: `${first.name}-${first.partitionIndex} ${at}${more(each.length)}` };
  },
  response({ topics }) {
    const each = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, offset }) => ({
        what: `${name}-${partitionIndex}`,
        error: errorCode,
        offset,
      })),
    );
    return results(each, () =>
      each[0] === undefined ? '' : `${each[0].what} offset=${each[0].offset}${more(each.length)}`,
    );
  },
});

const offsetForLeaderEpoch = describes(OffsetForLeaderEpoch, {
  request({ topics }) {
    const each = topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, ...partition })));
    const [first] = each;
    if (first === undefined) return { text: 'nothing' };
    return { text: `${first.topic}-${first.partition} epoch=${first.leaderEpoch}${more(each.length)}` };
  },
  response({ topics }) {
    const each = topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, errorCode, leaderEpoch, endOffset }) => ({
        what: `${topic}-${partition}`,
        error: errorCode,
        ends: `epoch ${leaderEpoch} ends at ${endOffset}`,
      })),
    );
    return results(each, () => (each[0] === undefined ? '' : `${each[0].what} ${each[0].ends}${more(each.length)}`));
  },
});

const deleteRecords = describes(DeleteRecords, {
  request({ topics }) {
    const each = topics.flatMap(({ name, partitions }) => partitions.map((partition) => ({ name, ...partition })));
    const [first] = each;
    if (first === undefined) return { text: 'nothing' };
    return { text: `${first.name}-${first.partitionIndex} before ${first.offset}${more(each.length)}` };
  },
  response({ topics }) {
    const each = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, lowWatermark }) => ({
        what: `${name}-${partitionIndex}`,
        error: errorCode,
        lowWatermark,
      })),
    );
    return results(each, () =>
      each[0] === undefined ? '' : `${each[0].what} starts at ${each[0].lowWatermark}${more(each.length)}`,
    );
  },
});

const fetchSnapshot = describes(FetchSnapshot, {
  request({ topics }, names) {
    const [topic] = topics;
    const partition = topic?.partitions[0];
    if (topic === undefined || partition === undefined) return { text: 'nothing' };
    const { snapshotId, position } = partition;
    return {
      text: `${partitionText(topic.name, ZERO_UUID, partition.partition, names)} snapshot=${snapshotId.endOffset} position=${position}`,
    };
  },
  response({ errorCode, topics }, names) {
    if (errorCode !== 0) return failed(errorCode);
    const [topic] = topics;
    const partition = topic?.partitions[0];
    if (topic === undefined || partition === undefined) return { text: 'nothing' };
    const place = partitionText(topic.name, ZERO_UUID, partition.index, names);
    const { size, position, unalignedRecords } = partition;
    return outcome(partition.errorCode, `${place} bytes ${position}..${position + unalignedRecords.length} of ${size}`);
  },
});

export const DATA: readonly Describer[] = [
  produce,
  fetch,
  listOffsets,
  offsetForLeaderEpoch,
  deleteRecords,
  fetchSnapshot,
];

import { defineEvents } from '../kernel/api.ts';

/**
 * What happens to the logs of one node. `partition` is a log's name (`orders-0`). Together they tell a reader at every
 * moment which batches each replica holds, and between which bounds.
 */
export const storageEvents = defineEvents({
  'records-appended': {
    fields: ['partition', 'baseOffset', 'lastOffset', 'leaderEpoch', 'origin', 'producerId', 'baseSequence', 'crc'],
    level: 'detail',
    about:
      'A batch stands in a log. `origin` is `leader` or `follower`; `crc` tells two contents apart; -1: no producer.',
  },
  'batch-rewritten': {
    fields: ['partition', 'sentCrc', 'crc', 'producerId', 'baseSequence'],
    level: 'detail',
    about:
      'A leader changed a batch before it wrote it (`compression.type`, LogAppendTime, a wrong maximum timestamp): what was ' +
      'sent with checksum `sentCrc` stands in the log with `crc`.',
  },
  'high-watermark-advanced': {
    fields: ['partition', 'highWatermark'],
    level: 'detail',
    about: 'A replica knows that records below this offset are committed.',
  },
  'high-watermark-lowered': {
    fields: ['partition', 'highWatermark'],
    level: 'detail',
    about:
      'A replica took a smaller high watermark: its leader is new and knows less, or its own log was cut below it.',
  },
  'log-start-advanced': {
    fields: ['partition', 'logStartOffset'],
    level: 'detail',
    about: 'Records below this offset are gone from a log.',
  },
  'log-truncated': {
    fields: ['partition', 'from', 'to', 'leaderEpoch'],
    level: 'notable',
    about:
      'A log lost its end: its log end offset was `from`, now it is `to`. `leaderEpoch` is the latest that is left (-1: none). ' +
      'Where `to` is not below `from`, the log was emptied and begins anew there.',
  },
  'log-recovered': {
    fields: ['partition', 'from', 'to', 'truncatedBytes', 'logStartOffset', 'highWatermark', 'segments'],
    level: 'detail',
    about:
      'A log was found on disk at the start of a process. Batches from offset `from` on were checked one by one; its log end ' +
      'offset is `to`; what followed the first bad batch was cut off.',
  },
  'segment-rolled': {
    fields: ['partition', 'baseOffset', 'segments'],
    level: 'detail',
    about: 'A log goes on in a new segment file.',
  },
  'segments-deleted': {
    fields: ['partition', 'segments', 'bytes', 'reason'],
    level: 'detail',
    about:
      'The oldest segments of a log went: below the log start (`log-start`), by `retention.bytes` (`size`), by `retention.ms` ' +
      '(`time`), or because a partition keeps only so much in memory (`memory`).',
  },
  'partition-memory-full': {
    fields: ['partition', 'memoryBytes', 'upTo', 'logStartOffset'],
    level: 'notable',
    about:
      'A log has reached what kzsim keeps of a partition in memory (`--partition-memory`), and lets go of its oldest segments from ' +
      'here on, beginning with the offsets below `upTo`; told once a log and process.',
  },
  'log-created': { fields: ['partition', 'topicId'], level: 'detail', about: 'An empty log was made.' },
  'log-deleted': { fields: ['partition', 'topicId'], level: 'detail', about: 'A log and its files are gone.' },
  'log-flushed': {
    fields: ['partition', 'recoveryPoint'],
    level: 'detail',
    about: 'Somebody asked for durability, and everything below this offset is on the platter.',
  },
});

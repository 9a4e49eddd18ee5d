import { defineEvents } from '../kernel/api.ts';

/**
 * What a broker believes and does. Together with storage's events (log end offset, high watermark) and the authority's,
 * a reader of the trace knows every replica's state without looking into the machine.
 */
export const brokerEvents = defineEvents({
  'broker-started': {
    fields: ['broker', 'cleanShutdown', 'logs'],
    level: 'notable',
    about:
      'A broker process opened its logs; `cleanShutdown` says whether it could skip recovery. Clients are not served yet.',
  },
  'broker-serving': {
    fields: ['broker', 'brokerEpoch'],
    level: 'notable',
    about: 'A broker answers clients from here on.',
  },
  'broker-stopping': { fields: ['broker'], level: 'notable', about: 'A broker began its controlled shutdown.' },
  'broker-stopped': {
    fields: ['broker'],
    level: 'notable',
    about: 'A broker flushed its logs and left its clean-shutdown marker.',
  },
  'became-leader': {
    fields: ['partition', 'leaderEpoch', 'startOffset', 'isr', 'replicas', 'partitionEpoch'],
    level: 'notable',
    about: 'A replica believes that it leads the partition. `startOffset` is where the leader epoch begins in its log.',
  },
  'became-follower': {
    fields: ['partition', 'leader', 'leaderEpoch', 'partitionEpoch'],
    level: 'notable',
    about: 'A replica believes that it follows this leader; `leader` -1: nobody.',
  },
  'replica-stopped': {
    fields: ['partition', 'deleted'],
    level: 'notable',
    about: 'A broker neither leads nor follows the partition any more; `deleted` says whether its log went too.',
  },
  'isr-proposed': {
    fields: ['partition', 'isr', 'leaderEpoch', 'partitionEpoch', 'reason'],
    level: 'notable',
    about: 'A leader asked the controller for a new ISR; `reason` names who joins or lags.',
  },
  'isr-proposal-refused': {
    fields: ['partition', 'error', 'effect'],
    level: 'notable',
    about: 'The controller refused; `effect` is what the leader does: revert, wait-for-metadata or propose-again.',
  },
  'isr-adopted': {
    fields: ['partition', 'isr', 'leaderEpoch', 'partitionEpoch'],
    level: 'notable',
    about: 'A leader counts with this ISR from here on.',
  },
  'client-throttled': {
    fields: ['connection', 'client', 'principal', 'clientId', 'api', 'throttleMs'],
    level: 'detail',
    about: 'A client is above a quota: it was answered at once, and is not listened to for this long.',
  },
  'client-authenticated': {
    fields: ['connection', 'client', 'principal', 'mechanism'],
    level: 'detail',
    about: 'Somebody proved by SASL who it is; what follows on the connection is done in that name.',
  },
  'authentication-failed': {
    fields: ['connection', 'client', 'reason'],
    level: 'notable',
    about: 'Somebody could not prove by SASL who it is, or did not try; the connection is closed.',
  },
  'produce-rejected': {
    fields: ['partition', 'error', 'clientId'],
    level: 'notable',
    about: 'A leader did not take the records of a produce request.',
  },
  'produce-timed-out': {
    fields: ['partition', 'requiredOffset', 'clientId'],
    level: 'notable',
    about: 'Records were appended but not committed in time: acks=all is answered with REQUEST_TIMED_OUT.',
  },
  'transaction-marker-written': {
    fields: ['partition', 'producerId', 'producerEpoch', 'result', 'offset', 'coordinatorEpoch'],
    level: 'detail',
    about:
      'A leader appended the end of a transaction: `result` is commit or abort. It holds when the marker is committed as other records are.',
  },
  'replica-caught-up': {
    fields: ['partition', 'leader', 'offset'],
    level: 'notable',
    about: "A follower that lacked committed records has all of them again, by its leader's latest answer.",
  },
  'replica-fell-behind': {
    fields: ['partition', 'replica', 'endOffset', 'leaderEndOffset', 'caughtUpMsAgo'],
    level: 'notable',
    about: 'A leader found that a member of the ISR was not caught up for longer than replica.lag.time.max.ms.',
  },
  'fetch-diverged': {
    fields: ['partition', 'epoch', 'endOffset', 'truncatedTo'],
    level: 'notable',
    about:
      "A leader's answer showed a follower that their histories part at `endOffset` of `epoch`; the follower cuts its log.",
  },
  'follower-out-of-range': {
    fields: ['partition', 'offset', 'restartedAt'],
    level: 'notable',
    about: 'A follower asked for an offset that its leader does not have, and goes on from another one.',
  },
  'fetcher-backed-off': {
    fields: ['partition', 'leader', 'error'],
    level: 'detail',
    about: 'A follower could not fetch a partition and leaves it alone for replica.fetch.backoff.ms.',
  },
  'fetcher-disconnected': {
    fields: ['leader', 'reason', 'partitions'],
    level: 'notable',
    about:
      "A follower's fetch found no leader at the other end; it tries all its partitions again after replica.fetch.backoff.ms.",
  },
  'fetcher-reconnected': { fields: ['leader'], level: 'notable', about: "A follower's fetch was answered again." },
  'fetch-partition-failed': {
    fields: ['partition', 'leader', 'reason'],
    level: 'notable',
    about: 'A follower gave up fetching a partition until it hears of a newer leadership.',
  },
  'log-dir-failed': {
    fields: ['disk', 'fault', 'partitions'],
    level: 'notable',
    about: 'A log directory met an error: all its partitions are offline on this broker.',
  },
  'topic-creation-requested': {
    fields: ['topic', 'partitions', 'replicationFactor', 'reason'],
    level: 'notable',
    about: 'A broker asked for a topic that a client needs: auto-creation, or an internal topic for its coordinator.',
  },
  'topic-creation-refused': { fields: ['topic', 'error'], level: 'notable', about: 'That topic could not be created.' },
});

/**
 * What the ensemble says of itself in the trace. Zxids and session ids are printed as ZooKeeper prints them, in hex. Commits are
 * told by the leader, each once, in the order of their zxids.
 */
import { defineEvents } from '../../../kernel/api.ts';

export const ensembleEvents = defineEvents({
  'ensemble-election-started': {
    fields: ['round', 'zxid', 'peerEpoch'],
    level: 'detail',
    about: 'A server looks for a leader, and votes for itself with its last logged zxid.',
  },
  'ensemble-vote-decided': {
    fields: ['leader', 'round'],
    level: 'detail',
    about: 'A server has found a majority for this leader, itself perhaps.',
  },
  'ensemble-leader-elected': {
    fields: ['epoch', 'followers'],
    level: 'notable',
    about: 'A majority has acknowledged the new epoch and its history; this server orders all writes now.',
  },
  'ensemble-leadership-lost': {
    fields: ['epoch', 'reason'],
    level: 'notable',
    about: 'A leader, or a server that was about to lead, gave up and closed its clients.',
  },
  'ensemble-leader-left': {
    fields: ['leader', 'reason'],
    level: 'notable',
    about: 'A follower lost its leader and closed its clients.',
  },
  'ensemble-follower-syncing': {
    fields: ['follower', 'by', 'from', 'to'],
    level: 'detail',
    about: "A leader brings a follower to its history: by DIFF, TRUNC or SNAP, from the follower's zxid on.",
  },
  'ensemble-follower-synced': {
    fields: ['follower'],
    level: 'notable',
    about: 'A follower has the history of its leader and serves clients.',
  },
  'ensemble-follower-lost': {
    fields: ['follower', 'reason'],
    level: 'notable',
    about: 'A leader does without a follower from here on.',
  },
  'ensemble-log-truncated': {
    fields: ['from', 'to', 'txns'],
    level: 'notable',
    about: 'A follower threw away txns that were never committed.',
  },
  'session-created': {
    fields: ['session', 'timeoutMs', 'zxid'],
    level: 'notable',
    about: 'A client has a session: its txn was committed.',
  },
  'session-expired': {
    fields: ['session', 'timeoutMs'],
    level: 'notable',
    about:
      'The leader heard nothing of a session for its whole time-out and proposes its end. Its client learns that when it reconnects.',
  },
  'session-closed': {
    fields: ['session', 'ephemerals', 'zxid'],
    level: 'notable',
    about: 'A session is over, by expiry or by its client, and its ephemeral znodes are gone.',
  },
  'session-moved': {
    fields: ['session', 'server'],
    level: 'detail',
    about: 'A client came back with its session, at this server.',
  },
  'znode-created': {
    fields: ['zxid', 'path', 'owner', 'data'],
    level: 'detail',
    about:
      'The leader committed a new znode. `owner` is the session of an ephemeral, else null; `data` is read as text.',
  },
  'znode-changed': {
    fields: ['zxid', 'path', 'version', 'data'],
    level: 'detail',
    about: 'The leader committed new data of a znode; `version` is its data version from here on.',
  },
  'znode-acl-changed': {
    fields: ['zxid', 'path', 'version', 'acl'],
    level: 'detail',
    about:
      'The leader committed who may do what to a znode from here on, as `scheme:id:permissions`; `version` is that of the list. Behind a creation where that says so.',
  },
  'znode-deleted': {
    fields: ['zxid', 'path'],
    level: 'detail',
    about:
      'The leader committed the end of a znode. With its session, if it was an ephemeral: then both carry one zxid.',
  },
  'write-refused': {
    fields: ['zxid', 'session', 'error'],
    level: 'detail',
    about: 'A request to change znodes failed (NODE_EXISTS, BAD_VERSION …). It took a zxid like any other.',
  },
});

import { defineEvents } from '../../kernel/api.ts';

/** What the group coordinators decide. From these alone a reader knows state, members, generation and committed offsets of every group. */
export const groupEvents = defineEvents({
  'group-created': {
    fields: ['group', 'partition'],
    level: 'notable',
    about: 'A group came to be, Empty and of generation 0; `partition` is its partition of __consumer_offsets.',
  },
  'group-state-changed': {
    fields: ['group', 'from', 'to', 'generation', 'reason'],
    level: 'notable',
    about:
      'A group goes from one state to another: Empty, PreparingRebalance, CompletingRebalance, Stable, Dead; a consumer group (KIP-848): Empty, Assigning, Reconciling, Stable, Dead, with its epoch as generation.',
  },
  'group-epoch-bumped': {
    fields: ['group', 'epoch', 'reason'],
    level: 'notable',
    about:
      'An input of the assignment of a consumer group (KIP-848) changed: it has a new group epoch, and needs a new target.',
  },
  'group-target-assigned': {
    fields: ['group', 'assignmentEpoch', 'assignor'],
    level: 'notable',
    about:
      "A consumer group's assignor computed, for this group epoch, what each member should own; members come to it one by one.",
  },
  'group-member-joined': {
    fields: ['group', 'member', 'clientId', 'instanceId'],
    level: 'notable',
    about: 'A member belongs to a group from here on.',
  },
  'group-member-left': {
    fields: ['group', 'member', 'reason'],
    level: 'notable',
    about: 'A member is gone: it left, its session expired, it missed a rebalance, or it was fenced.',
  },
  'group-rebalance-completed': {
    fields: ['group', 'generation', 'protocol', 'leader', 'members'],
    level: 'notable',
    about: 'Every member has joined: a new generation begins, and its leader assigns.',
  },
  'group-assignment-delivered': {
    fields: ['group', 'generation', 'member', 'partitions'],
    level: 'notable',
    about: 'A member was told what it owns in this generation; in a consumer group at this member epoch.',
  },
  'group-offset-committed': {
    fields: ['group', 'partition', 'offset', 'member', 'generation'],
    level: 'detail',
    about: "A group's offset is stored and replicated. A simple consumer's has no member and generation -1.",
  },
  'group-offset-pending': {
    fields: ['group', 'partition', 'offset', 'producerId', 'member', 'generation'],
    level: 'detail',
    about: "A group's offset is stored within a transaction: it counts when the transaction's marker says so.",
  },
  'group-transaction-ended': {
    fields: ['partition', 'producerId', 'result', 'offsets'],
    level: 'detail',
    about:
      'A marker of a transaction reached a partition of __consumer_offsets: with commit, this many pending offsets count; with abort, none.',
  },
  'group-offset-removed': {
    fields: ['group', 'partition', 'reason'],
    level: 'detail',
    about: "A group's offset is gone: expired, deleted, or its topic was.",
  },
  'group-loaded': {
    fields: ['group', 'partition', 'state', 'generation', 'protocol', 'leader', 'members'],
    level: 'notable',
    about:
      'A new coordinator found the group in the log. This is the group now: whatever was not stored is lost. The events of its assignments and offsets follow.',
  },
  'group-assignment-loaded': {
    fields: ['group', 'generation', 'member', 'partitions'],
    level: 'detail',
    about: 'What a member owns, as a new coordinator found it in the log.',
  },
  'group-offset-loaded': {
    fields: ['group', 'partition', 'offset'],
    level: 'detail',
    about: 'A committed offset, as a new coordinator found it in the log.',
  },
  'group-coordinator-loaded': {
    fields: ['partition', 'groups', 'leaderEpoch'],
    level: 'notable',
    about:
      'A broker has read a partition of __consumer_offsets and coordinates its groups. `groups` lists them: others of this partition are gone.',
  },
  'group-coordinator-unloaded': {
    fields: ['partition', 'leaderEpoch', 'groups'],
    level: 'notable',
    about: 'A broker does not coordinate the groups of this partition any more; `groups` lists them.',
  },
});

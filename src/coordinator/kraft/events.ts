import { defineEvents } from '../../kernel/api.ts';

/** What happens inside the metadata quorum. What it decides about the cluster is told by the events of `coordinator/index.ts`. */
export const kraftEvents = defineEvents({
  'quorum-leader-elected': {
    fields: ['epoch', 'logEndOffset'],
    level: 'notable',
    about: 'A majority of the voters has voted for this node: it leads the metadata quorum in this epoch.',
  },
  'quorum-leader-resigned': {
    fields: ['epoch', 'reason'],
    level: 'notable',
    about:
      'This node led the metadata quorum and gave it up: no majority fetches any more, or it stops, or it was restarted.',
  },
  'quorum-candidacy-started': {
    fields: ['epoch'],
    level: 'notable',
    about: 'A voter raised the epoch and asks for votes.',
  },
  'quorum-pre-vote-started': {
    fields: ['epoch', 'lostLeader'],
    level: 'detail',
    about:
      'A voter hears of no leader any more and asks whether it would win an election. `lostLeader` -1: it knew none.',
  },
  'quorum-leader-followed': {
    fields: ['epoch', 'leader'],
    level: 'detail',
    about: 'A voter or broker fetches the metadata log from this leader from here on.',
  },
  'quorum-leader-lost': {
    fields: ['epoch'],
    level: 'detail',
    about: 'A voter or broker knows of no leader in this epoch.',
  },
  'broker-session-expired': {
    fields: ['broker', 'silentMs'],
    level: 'notable',
    about: 'The active controller has not heard of a broker for longer than its session, and fences it.',
  },
  'metadata-log-truncated': {
    fields: ['from', 'to'],
    level: 'notable',
    about: 'A replica of the metadata log cut off records that the leader of its epoch does not have.',
  },
});

import { api } from '../api.ts';
import { int16, int32, string, struct, uuid, type Value } from '../schema.ts';

/** Removes a voter from the KRaft quorum (KIP-853). */
export const RemoveRaftVoter = api({
  key: 81,
  name: 'RemoveRaftVoter',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['broker', 'controller'],
  request: struct({
    clusterId: string({ nullable: '0+' }),
    voterId: int32(),
    voterDirectoryId: uuid(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
  }),
});

export type RemoveRaftVoterRequest = Value<typeof RemoveRaftVoter.request>;

export type RemoveRaftVoterResponse = Value<typeof RemoveRaftVoter.response>;

import { api } from '../api.ts';
import { array, bool, int16, int32, string, struct, uint16, uuid, type Value } from '../schema.ts';

/** Adds a voter to the KRaft quorum (KIP-853). */
export const AddRaftVoter = api({
  key: 80,
  name: 'AddRaftVoter',
  versions: '0-1',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0-1' },
  listeners: ['broker', 'controller'],
  request: struct({
    clusterId: string({ nullable: '0+' }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
      }),
    ),
    ackWhenCommitted: bool({ versions: '1+', default: true }),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
  }),
});

export type AddRaftVoterRequest = Value<typeof AddRaftVoter.request>;
export type AddRaftVoterRequestListener = AddRaftVoterRequest['listeners'][number];

export type AddRaftVoterResponse = Value<typeof AddRaftVoter.response>;

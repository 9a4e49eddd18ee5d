import { api } from '../api.ts';
import { array, int16, int32, string, struct, uint16, uuid, type Value } from '../schema.ts';

/** A voter tells the leader of the KRaft quorum its endpoints and supported versions (KIP-853). */
export const UpdateRaftVoter = api({
  key: 82,
  name: 'UpdateRaftVoter',
  versions: '0',
  flexible: 0,
  offered: { '3.9': '0', '4.0': '0', '4.1': '0', '4.2': '0' },
  listeners: ['controller'],
  request: struct({
    clusterId: string({ nullable: '0+' }),
    currentLeaderEpoch: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array(
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
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    currentLeader: struct(
      {
        leaderId: int32({ default: -1 }),
        leaderEpoch: int32({ default: -1 }),
        host: string(),
        port: int32(),
      },
      { tag: 0 },
    ),
  }),
});

export type UpdateRaftVoterRequest = Value<typeof UpdateRaftVoter.request>;
export type UpdateRaftVoterRequestListener = UpdateRaftVoterRequest['listeners'][number];
export type KRaftVersionFeature = UpdateRaftVoterRequest['kRaftVersionFeature'];

export type UpdateRaftVoterResponse = Value<typeof UpdateRaftVoter.response>;
export type CurrentLeader = UpdateRaftVoterResponse['currentLeader'];

import { api } from '../api.ts';
import { array, bool, bytes, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks for the state and members of classic groups. */
export const DescribeGroups = api({
  key: 15,
  name: 'DescribeGroups',
  versions: '0-6',
  flexible: 5,
  offered: { '3.9': '0-5', '4.0': '0-6', '4.1': '0-6', '4.2': '0-6' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groups: array(string()),
    includeAuthorizedOperations: bool({ versions: '3+' }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    groups: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ versions: '6+', nullable: '0+', default: null }),
        groupId: string(),
        groupState: string(),
        protocolType: string(),
        protocolData: string(),
        members: array(
          struct({
            memberId: string(),
            groupInstanceId: string({ versions: '4+', nullable: '0+', default: null, ignorable: true }),
            clientId: string(),
            clientHost: string(),
            memberMetadata: bytes(),
            memberAssignment: bytes(),
          }),
        ),
        authorizedOperations: int32({ versions: '3+', default: -2147483648 }),
      }),
    ),
  }),
});

export type DescribeGroupsRequest = Value<typeof DescribeGroups.request>;

export type DescribeGroupsResponse = Value<typeof DescribeGroups.response>;
export type DescribeGroupsResponseDescribedGroup = DescribeGroupsResponse['groups'][number];
export type DescribedGroupMember = DescribeGroupsResponseDescribedGroup['members'][number];

import { api } from '../api.ts';
import { array, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks a broker which groups it coordinates. */
export const ListGroups = api({
  key: 16,
  name: 'ListGroups',
  versions: '0-5',
  flexible: 3,
  offered: { '3.9': '0-5', '4.0': '0-5', '4.1': '0-5', '4.2': '0-5' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    statesFilter: array(string(), { versions: '4+' }),
    typesFilter: array(string(), { versions: '5+' }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16(),
    groups: array(
      struct({
        groupId: string(),
        protocolType: string(),
        groupState: string({ versions: '4+', ignorable: true }),
        groupType: string({ versions: '5+', ignorable: true }),
      }),
    ),
  }),
});

export type ListGroupsRequest = Value<typeof ListGroups.request>;

export type ListGroupsResponse = Value<typeof ListGroups.response>;
export type ListedGroup = ListGroupsResponse['groups'][number];

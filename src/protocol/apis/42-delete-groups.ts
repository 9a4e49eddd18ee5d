import { api } from '../api.ts';
import { array, int16, int32, string, struct, type Value } from '../schema.ts';

/** Deletes empty groups. */
export const DeleteGroups = api({
  key: 42,
  name: 'DeleteGroups',
  versions: '0-2',
  flexible: 2,
  offered: { '3.9': '0-2', '4.0': '0-2', '4.1': '0-2', '4.2': '0-2' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    groupsNames: array(string()),
  }),
  response: struct({
    throttleTimeMs: int32(),
    results: array(
      struct({
        groupId: string(),
        errorCode: int16(),
      }),
    ),
  }),
});

export type DeleteGroupsRequest = Value<typeof DeleteGroups.request>;

export type DeleteGroupsResponse = Value<typeof DeleteGroups.response>;
export type DeletableGroupResult = DeleteGroupsResponse['results'][number];

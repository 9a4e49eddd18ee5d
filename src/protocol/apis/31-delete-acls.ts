import { api } from '../api.ts';
import { array, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Deletes the ACLs that match filters. */
export const DeleteAcls = api({
  key: 31,
  name: 'DeleteAcls',
  versions: '0-3',
  flexible: 2,
  offered: { '3.9': '0-3', '4.0': '1-3', '4.1': '1-3', '4.2': '1-3' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    filters: array(
      struct({
        resourceTypeFilter: int8(),
        resourceNameFilter: string({ nullable: '0+' }),
        patternTypeFilter: int8({ versions: '1+', default: 3 }),
        principalFilter: string({ nullable: '0+' }),
        hostFilter: string({ nullable: '0+' }),
        operation: int8(),
        permissionType: int8(),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    filterResults: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
        matchingAcls: array(
          struct({
            errorCode: int16(),
            errorMessage: string({ nullable: '0+' }),
            resourceType: int8(),
            resourceName: string(),
            patternType: int8({ versions: '1+', default: 3 }),
            principal: string(),
            host: string(),
            operation: int8(),
            permissionType: int8(),
          }),
        ),
      }),
    ),
  }),
});

export type DeleteAclsRequest = Value<typeof DeleteAcls.request>;
export type DeleteAclsFilter = DeleteAclsRequest['filters'][number];

export type DeleteAclsResponse = Value<typeof DeleteAcls.response>;
export type DeleteAclsFilterResult = DeleteAclsResponse['filterResults'][number];
export type DeleteAclsMatchingAcl = DeleteAclsFilterResult['matchingAcls'][number];

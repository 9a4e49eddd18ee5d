import { api } from '../api.ts';
import { array, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Creates ACLs. */
export const CreateAcls = api({
  key: 30,
  name: 'CreateAcls',
  versions: '0-3',
  flexible: 2,
  offered: { '3.9': '0-3', '4.0': '1-3', '4.1': '1-3', '4.2': '1-3' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    creations: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        resourcePatternType: int8({ versions: '1+', default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32(),
    results: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
      }),
    ),
  }),
});

export type CreateAclsRequest = Value<typeof CreateAcls.request>;
export type AclCreation = CreateAclsRequest['creations'][number];

export type CreateAclsResponse = Value<typeof CreateAcls.response>;
export type AclCreationResult = CreateAclsResponse['results'][number];

import { api } from '../api.ts';
import { array, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks for the ACLs that match a filter. */
export const DescribeAcls = api({
  key: 29,
  name: 'DescribeAcls',
  versions: '0-3',
  flexible: 2,
  offered: { '3.9': '0-3', '4.0': '1-3', '4.1': '1-3', '4.2': '1-3' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    resourceTypeFilter: int8(),
    resourceNameFilter: string({ nullable: '0+' }),
    patternTypeFilter: int8({ versions: '1+', default: 3 }),
    principalFilter: string({ nullable: '0+' }),
    hostFilter: string({ nullable: '0+' }),
    operation: int8(),
    permissionType: int8(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        patternType: int8({ versions: '1+', default: 3 }),
        acls: array(
          struct({
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

export type DescribeAclsRequest = Value<typeof DescribeAcls.request>;

export type DescribeAclsResponse = Value<typeof DescribeAcls.response>;
export type DescribeAclsResource = DescribeAclsResponse['resources'][number];
export type AclDescription = DescribeAclsResource['acls'][number];

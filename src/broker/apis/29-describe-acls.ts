/**
 * DescribeAcls, versions as the release offers them (3.9: 0–3, 4.2: 1–3). The ACLs that match a filter, as this broker knows them.
 * Without an authorizer: SECURITY_DISABLED. Kafka's `AclApis.handleDescribeAcls`.
 */
import { type AclBinding, unknownInFilter } from '../../protocol/acl.ts';
import { DescribeAcls, type DescribeAclsResource } from '../../protocol/apis/29-describe-acls.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { handler } from '../services.ts';

export const describeAcls = handler(DescribeAcls, ({ authorizer, coordination }, request) => {
  const refuse = (errorCode: number, errorMessage: string): void =>
    request.respond(DescribeAcls.response.make({ errorCode, errorMessage }));
  if (authorizer === null) {
    refuse(ErrorCode.SECURITY_DISABLED, 'no authorizer is configured on this broker (authorizer.class.name)');
    return;
  }
  const unknown = unknownInFilter(request.body);
  if (unknown !== null) {
    refuse(ErrorCode.INVALID_REQUEST, `no such filter: ${unknown}`);
    return;
  }
  const resources = byResource(coordination.image.security.describeAcls(request.body));
  request.respond({ throttleTimeMs: 0, errorCode: ErrorCode.NONE, errorMessage: null, resources });
});

function byResource(acls: readonly AclBinding[]): DescribeAclsResource[] {
  const groups = new Map<string, DescribeAclsResource & { readonly acls: DescribeAclsResource['acls'][number][] }>();
  for (const { resourceType, resourceName, patternType, principal, host, operation, permissionType } of acls) {
    const key = `${resourceType}/${patternType}/${resourceName}`;
    const acl = { principal, host, operation, permissionType };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { resourceType, resourceName, patternType, acls: [acl] });
    else group.acls.push(acl);
  }
  return [...groups.values()];
}

/** DescribeClientQuotas, versions 0–1 (KIP-546): quotas of the users, client ids and addresses that a filter means, as this broker knows them. */
import { DescribeClientQuotas } from '../../protocol/apis/48-describe-client-quotas.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { handler } from '../services.ts';

export const describeClientQuotas = handler(DescribeClientQuotas, ({ coordination }, request) => {
  const { components, strict } = request.body;
  const { security } = coordination.image;
  const wrong = security.quotaFilterError(components);
  if (wrong !== null) {
    const refusal = { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: wrong, entries: null };
    request.respond(DescribeClientQuotas.response.make(refusal));
    return;
  }
  const entries = security.describeQuotas(components, strict).map(({ entity, values }) => ({
    entity: [...entity].map(([entityType, entityName]) => ({ entityType, entityName })),
    values: [...values].map(([key, value]) => ({ key, value })),
  }));
  request.respond({ throttleTimeMs: 0, errorCode: ErrorCode.NONE, errorMessage: null, entries });
});

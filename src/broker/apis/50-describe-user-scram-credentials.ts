/** DescribeUserScramCredentials, version 0 (KIP-554): which mechanisms users have, with their iterations, and nothing else of them. */
import {
  DescribeUserScramCredentials,
  type DescribeUserScramCredentialsResult,
} from '../../protocol/apis/50-describe-user-scram-credentials.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { handler } from '../services.ts';

export const describeUserScramCredentials = handler(DescribeUserScramCredentials, ({ coordination }, request) => {
  const { scram } = coordination.image.security;
  const asked = request.body.users?.map(({ name }) => name) ?? [];
  const users = asked.length === 0 ? [...scram.keys()] : [...new Set(asked)];
  const results = users.map((user): DescribeUserScramCredentialsResult => {
    const refuse = (errorCode: number, errorMessage: string) => ({
      user,
      errorCode,
      errorMessage,
      credentialInfos: [],
    });
    if (asked.filter((name) => name === user).length > 1)
      return refuse(ErrorCode.DUPLICATE_RESOURCE, `${user} is asked for twice`);
    const own = scram.get(user);
    if (own === undefined) return refuse(ErrorCode.RESOURCE_NOT_FOUND, `${user} has no SCRAM credential`);
    const credentialInfos = [...own].map(([mechanism, { iterations }]) => ({ mechanism, iterations }));
    return { user, errorCode: ErrorCode.NONE, errorMessage: null, credentialInfos };
  });
  request.respond({ throttleTimeMs: 0, errorCode: ErrorCode.NONE, errorMessage: null, results });
});

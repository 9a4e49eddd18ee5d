/** DescribeDelegationToken, versions as the release offers them (3.9: 0–3, 4.x: 1–3; KIP-48). Not simulated: tokens; see `tokenRefusal`. */
import { DescribeDelegationToken } from '../../protocol/apis/41-describe-delegation-token.ts';
import { tokenRefusal } from '../delegation-tokens.ts';
import { handler } from '../services.ts';

export const describeDelegationToken = handler(DescribeDelegationToken, (services, request) => {
  request.respond(DescribeDelegationToken.response.make({ errorCode: tokenRefusal(services, request) }));
});

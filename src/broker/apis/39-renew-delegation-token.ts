/** RenewDelegationToken, versions as the release offers them (3.9: 0–2, 4.x: 1–2; KIP-48). Not simulated: tokens; see `tokenRefusal`. */
import { RenewDelegationToken } from '../../protocol/apis/39-renew-delegation-token.ts';
import { tokenRefusal } from '../delegation-tokens.ts';
import { handler } from '../services.ts';

export const renewDelegationToken = handler(RenewDelegationToken, (services, request) => {
  request.respond(RenewDelegationToken.response.make({ errorCode: tokenRefusal(services, request) }));
});

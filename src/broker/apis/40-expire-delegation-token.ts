/** ExpireDelegationToken, versions as the release offers them (3.9: 0–2, 4.x: 1–2; KIP-48). Not simulated: tokens; see `tokenRefusal`. */
import { ExpireDelegationToken } from '../../protocol/apis/40-expire-delegation-token.ts';
import { tokenRefusal } from '../delegation-tokens.ts';
import { handler } from '../services.ts';

export const expireDelegationToken = handler(ExpireDelegationToken, (services, request) => {
  request.respond(ExpireDelegationToken.response.make({ errorCode: tokenRefusal(services, request) }));
});

/** CreateDelegationToken, versions as the release offers them (3.9: 0–3, 4.x: 1–3; KIP-48). Not simulated: tokens; see `tokenRefusal`. */
import { CreateDelegationToken } from '../../protocol/apis/38-create-delegation-token.ts';
import { tokenRefusal } from '../delegation-tokens.ts';
import { handler } from '../services.ts';

export const createDelegationToken = handler(CreateDelegationToken, (services, request) => {
  request.respond(CreateDelegationToken.response.make({ errorCode: tokenRefusal(services, request) }));
});

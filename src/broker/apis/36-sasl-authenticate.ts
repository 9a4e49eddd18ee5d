/** SaslAuthenticate, versions 0–2: as with SaslHandshake, what a client asks out of place. */
import { SaslAuthenticate } from '../../protocol/apis/36-sasl-authenticate.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { handler } from '../services.ts';

export const saslAuthenticate = handler(SaslAuthenticate, (_services, request) =>
  request.respond(
    SaslAuthenticate.response.make({
      errorCode: ErrorCode.ILLEGAL_SASL_STATE,
      errorMessage: 'the client is known already, or nobody asks who it is',
    }),
  ),
);

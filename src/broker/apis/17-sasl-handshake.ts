/**
 * SaslHandshake, versions 0–1. What a client asks who is known already, or of whom nobody wants to know: ILLEGAL_SASL_STATE. Before that
 * its session answers (`security/sasl/session.ts`).
 */
import { SaslHandshake } from '../../protocol/apis/17-sasl-handshake.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { handler } from '../services.ts';

export const saslHandshake = handler(SaslHandshake, (_services, request) =>
  request.respond(SaslHandshake.response.make({ errorCode: ErrorCode.ILLEGAL_SASL_STATE })),
);

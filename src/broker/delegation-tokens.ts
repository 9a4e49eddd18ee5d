import { ErrorCode } from '../protocol/errors.ts';
import type { ServerRequest } from '../rpc/api.ts';
import { listenerPort } from './listeners.ts';
import type { BrokerServices } from './services.ts';

/**
 * Why a request about delegation tokens is refused (KIP-48). They are for clients that showed who they are, so a plain listener
 * refuses them; and without a secret key (`delegation.token.secret.key`) there are none. Kafka's `KafkaApis.allowTokenRequests`
 * and `DelegationTokenManager`.
 *
 * Not simulated: tokens. With a secret key set they are refused all the same.
 */
export function tokenRefusal({ identity }: BrokerServices, { peer }: ServerRequest): number {
  const endpoint = identity.endpoints.find(({ name }) => listenerPort(name) === peer.port);
  const protocol = endpoint?.securityProtocol ?? 'PLAINTEXT';
  return protocol === 'PLAINTEXT'
    ? ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED
    : ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED;
}

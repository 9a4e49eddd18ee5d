import type { Identity } from './api.ts';

/** Somebody who has not said who it is. */
export function anonymous(host: string): Identity {
  return { principal: 'User:ANONYMOUS', host, isTrusted: false };
}

import type { SecurityImage } from '../../../coordinator/index.ts';
import type { Hashing } from '../../../protocol/ports.ts';
import { scramMechanism } from '../../../protocol/scram.ts';
import { PlainExchange } from './plain.ts';
import { ScramExchange } from './scram.ts';

/** What the server says to a token of the client. */
export type Step =
  | { readonly kind: 'challenge'; readonly token: Uint8Array }
  | { readonly kind: 'authenticated'; readonly user: string; readonly token: Uint8Array }
  /** `reason` is told to the client; it does not say what exactly was wrong. */
  | { readonly kind: 'failed'; readonly reason: string };

/** The server's side of one authentication. */
export interface SaslExchange {
  step(token: Uint8Array): Step;
}

/** What the mechanisms know of users, and what they need. */
export interface SaslUsers {
  /** Passwords by user (PLAIN). */
  readonly plain: ReadonlyMap<string, string>;
  /** As the metadata have them now (SCRAM). */
  readonly security: () => SecurityImage;
  /** Undefined: there is no SCRAM. */
  readonly hashing: Hashing | undefined;
  readonly newNonce: () => string;
}

/** Undefined: nobody offers that here. */
export function beginExchange(mechanism: string, users: SaslUsers): SaslExchange | undefined {
  if (mechanism === 'PLAIN') return new PlainExchange(users.plain);
  const scram = scramMechanism(mechanism);
  if (scram === undefined || users.hashing === undefined) return undefined;
  return new ScramExchange(scram, { ...users, hashing: users.hashing });
}

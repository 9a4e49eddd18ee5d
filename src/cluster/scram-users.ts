import type { SaslUser } from '../broker/security/sasl/settings.ts';
import type { ScramCredentialUpsertion } from '../protocol/apis/51-alter-user-scram-credentials.ts';
import type { Hashing } from '../protocol/ports.ts';
import { MIN_ITERATIONS, scramMechanism } from '../protocol/scram.ts';

/** What an administrator sends for these users: salted passwords, never the passwords. A user has one password a mechanism, the last. */
export function scramUpsertions(
  users: readonly SaslUser[],
  hashing: Hashing | undefined,
  newSalt: () => Uint8Array,
): ScramCredentialUpsertion[] {
  const upsertions = new Map<string, ScramCredentialUpsertion>();
  for (const { mechanism: name, user, password } of users) {
    const mechanism = scramMechanism(name);
    if (mechanism === undefined || hashing === undefined) continue;
    const salt = newSalt();
    const iterations = MIN_ITERATIONS;
    const saltedPassword = hashing.pbkdf2(mechanism.hash, password, salt, iterations);
    upsertions.set(`${name}/${user}`, { name: user, mechanism: mechanism.type, iterations, salt, saltedPassword });
  }
  return [...upsertions.values()];
}

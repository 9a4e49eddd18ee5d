/** AlterUserScramCredentials (KIP-554): what becomes of each user's wishes, for both kinds of authority (`ScramControlManager`). */
import {
  AlterUserScramCredentials,
  type AlterUserScramCredentialsRequest,
  type AlterUserScramCredentialsResponse,
} from '../../protocol/apis/51-alter-user-scram-credentials.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Hashing } from '../../protocol/ports.ts';
import {
  MAX_ITERATIONS,
  MIN_ITERATIONS,
  type ScramCredential,
  scramCredential,
  scramMechanism,
} from '../../protocol/scram.ts';
import type { SecurityState } from './security-state.ts';

export interface CredentialChange {
  readonly user: string;
  readonly mechanism: number;
  /** Null takes it away. */
  readonly credential: ScramCredential | null;
}

interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

const refuse = (errorCode: number, errorMessage: string): Refusal => ({ errorCode, errorMessage });

/** A user stands or falls whole. `hashing` undefined: this process cannot make keys of passwords. */
export function decideCredentials(
  state: SecurityState,
  request: AlterUserScramCredentialsRequest,
  hashing: Hashing | undefined,
): { readonly changes: readonly CredentialChange[]; readonly response: AlterUserScramCredentialsResponse } {
  const { deletions, upsertions } = request;
  const wishes = [...deletions, ...upsertions];
  const users = [...new Set(wishes.map(({ name }) => name))];
  const changes: CredentialChange[] = [];
  const results = users.map((user) => {
    const own = wishes.filter(({ name }) => name === user);
    const outcome = decideUser(state, user, own, hashing);
    if (!Array.isArray(outcome)) return { user, ...outcome };
    changes.push(...outcome);
    return { user, errorCode: ErrorCode.NONE, errorMessage: null };
  });
  return { changes, response: AlterUserScramCredentials.response.make({ results }) };
}

type Deletion = AlterUserScramCredentialsRequest['deletions'][number];
type Upsertion = AlterUserScramCredentialsRequest['upsertions'][number];

function decideUser(
  state: SecurityState,
  user: string,
  wishes: readonly (Deletion | Upsertion)[],
  hashing: Hashing | undefined,
): CredentialChange[] | Refusal {
  if (user === '') return refuse(ErrorCode.UNACCEPTABLE_CREDENTIAL, 'the name of the user is empty');
  if (new Set(wishes.map(({ mechanism }) => mechanism)).size < wishes.length)
    return refuse(ErrorCode.DUPLICATE_RESOURCE, `a credential of ${user} is altered twice in one request`);
  const changes: CredentialChange[] = [];
  for (const wish of wishes) {
    const mechanism = scramMechanism(wish.mechanism);
    if (mechanism === undefined || hashing === undefined)
      return refuse(ErrorCode.UNSUPPORTED_SASL_MECHANISM, `there is no SCRAM mechanism ${wish.mechanism} here`);
    if ('saltedPassword' in wish) {
      const wrong = upsertionError(wish);
      if (wrong !== null) return refuse(ErrorCode.UNACCEPTABLE_CREDENTIAL, wrong);
      const credential = scramCredential(hashing, mechanism, wish.saltedPassword, wish);
      const { salt, iterations, storedKey, serverKey } = credential;
      changes.push({ user, mechanism: mechanism.type, credential: { salt, iterations, storedKey, serverKey } });
    } else if (state.scram.get(user)?.has(mechanism.type) === true) {
      changes.push({ user, mechanism: mechanism.type, credential: null });
    } else {
      return refuse(ErrorCode.RESOURCE_NOT_FOUND, `${user} has no credential of ${mechanism.name}`);
    }
  }
  return changes;
}

function upsertionError({ iterations, salt, saltedPassword }: Upsertion): string | null {
  if (iterations < MIN_ITERATIONS) return `${iterations} iterations are fewer than ${MIN_ITERATIONS}`;
  if (iterations > MAX_ITERATIONS) return `${iterations} iterations are more than ${MAX_ITERATIONS}`;
  return salt.length === 0 || saltedPassword.length === 0 ? 'the salt or the salted password is empty' : null;
}

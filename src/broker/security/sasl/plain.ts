/** PLAIN (RFC 4616, `PlainSaslServer`): one message of three names with zero bytes between them; the password as it is. */
import type { SaslExchange, Step } from './mechanism.ts';

const NOTHING = new Uint8Array(0);
const decoder = new TextDecoder();

export class PlainExchange implements SaslExchange {
  private readonly users: ReadonlyMap<string, string>;

  constructor(users: ReadonlyMap<string, string>) {
    this.users = users;
  }

  step(token: Uint8Array): Step {
    const parts = decoder.decode(token).split('\0');
    const [authorizationId, user, password] = parts;
    if (parts.length !== 3 || !user || !password)
      return failed('Authentication failed: the token is not made of an authorization id, a user and a password');
    if (this.users.get(user) !== password) return failed('Authentication failed: Invalid username or password');
    if (authorizationId !== '' && authorizationId !== user)
      return failed('Authentication failed: Client requested an authorization id that is different from username');
    return { kind: 'authenticated', user, token: NOTHING };
  }
}

const failed = (reason: string): Step => ({ kind: 'failed', reason });

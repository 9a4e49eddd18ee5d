/** SCRAM (RFC 5802, `ScramSaslServer`): two messages of each side; the password is never sent, and the server proves that it knows it too. */
import type { SecurityImage } from '../../../coordinator/index.ts';
import type { Hashing } from '../../../protocol/ports.ts';
import {
  type ClientFirst,
  decodeBase64,
  encodeBase64,
  parseClientFinal,
  parseClientFirst,
  type ScramCredential,
  type ScramMechanism,
  verifyProof,
} from '../../../protocol/scram.ts';
import type { SaslExchange, Step } from './mechanism.ts';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

interface Parts {
  readonly security: () => SecurityImage;
  readonly hashing: Hashing;
  readonly newNonce: () => string;
}

type Stage =
  | { readonly kind: 'first' }
  | {
      readonly kind: 'final';
      readonly first: ClientFirst;
      readonly nonce: string;
      readonly serverFirst: string;
      readonly credential: ScramCredential;
    };

export class ScramExchange implements SaslExchange {
  private readonly mechanism: ScramMechanism;
  private readonly parts: Parts;
  private stage: Stage = { kind: 'first' };

  constructor(mechanism: ScramMechanism, parts: Parts) {
    this.mechanism = mechanism;
    this.parts = parts;
  }

  step(token: Uint8Array): Step {
    const text = decoder.decode(token);
    return this.stage.kind === 'first' ? this.takeFirst(text) : this.takeFinal(text, this.stage);
  }

  /** Somebody whom nobody knows and somebody with a wrong password hear the same. */
  private failed(): Step {
    const { name } = this.mechanism;
    const reason = `Authentication failed during authentication due to invalid credentials with SASL mechanism ${name}`;
    return { kind: 'failed', reason };
  }

  private takeFirst(text: string): Step {
    const first = parseClientFirst(text);
    if (first === null || first.isToken) return this.failed();
    const credential = this.parts.security().scram.get(first.user)?.get(this.mechanism.type);
    if (credential === undefined) return this.failed();
    const nonce = first.nonce + this.parts.newNonce();
    const serverFirst = `r=${nonce},s=${encodeBase64(credential.salt)},i=${credential.iterations}`;
    this.stage = { kind: 'final', first, nonce, serverFirst, credential };
    return { kind: 'challenge', token: encoder.encode(serverFirst) };
  }

  private takeFinal(text: string, stage: Extract<Stage, { kind: 'final' }>): Step {
    const { first, nonce, serverFirst, credential } = stage;
    const final = parseClientFinal(text);
    if (final === null || final.nonce !== nonce) return this.failed();
    const header = decodeBase64(final.channelBinding);
    if (header === null || decoder.decode(header) !== first.header) return this.failed();
    const authMessage = `${first.bare},${serverFirst},${final.withoutProof}`;
    const { hashing } = this.parts;
    const signature = verifyProof(hashing, this.mechanism, credential, { authMessage, proof: final.proof });
    if (signature === null) return this.failed();
    return { kind: 'authenticated', user: first.user, token: encoder.encode(`v=${encodeBase64(signature)}`) };
  }
}

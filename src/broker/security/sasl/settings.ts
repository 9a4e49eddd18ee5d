import type { Config } from '../../../config/config.ts';
import type { SecurityImage } from '../../../coordinator/index.ts';
import type { Context } from '../../../kernel/api.ts';
import type { Hashing } from '../../../protocol/ports.ts';
import { SCRAM_MECHANISMS } from '../../../protocol/scram.ts';
import type { SaslSettings } from './session.ts';

const OURS = ['PLAIN', ...SCRAM_MECHANISMS.map(({ name }) => name)];
const NONCE_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const NONCE_LENGTH = 25;

/** Somebody who may come to a SASL listener. */
export interface SaslUser {
  /** PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. */
  readonly mechanism: string;
  readonly user: string;
  readonly password: string;
}

/** How this broker authenticates clients. Nonces come from the seed, so that a run can be played again. */
export function saslSettings(
  context: Context,
  config: Config,
  users: {
    readonly plain: ReadonlyMap<string, string>;
    readonly security: () => SecurityImage;
    readonly hashing: Hashing | undefined;
  },
): SaslSettings {
  const chance = context.chance('sasl-nonces');
  const newNonce = (): string => {
    let nonce = '';
    while (nonce.length < NONCE_LENGTH) nonce += NONCE_LETTERS[chance.below(NONCE_LETTERS.length)]!;
    return nonce;
  };
  const enabled = config.list('sasl.enabled.mechanisms');
  return {
    users: { ...users, newNonce },
    // Kafka's default is GSSAPI alone; whoever has not chosen is offered what there is.
    mechanisms: config.isOverridden('sasl.enabled.mechanisms') ? enabled.filter((name) => OURS.includes(name)) : OURS,
    maxReauthMs: config.number('connections.max.reauth.ms'),
    failureDelayMs: config.number('connections.failed.authentication.delay.ms'),
  };
}

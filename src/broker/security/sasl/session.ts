/**
 * Who speaks over a connection of a SASL listener (`SaslServerAuthenticator`). Before it is known, only ApiVersions, SaslHandshake and
 * SaslAuthenticate are heard; whoever says anything else, or cannot prove who it is, is out. After `connections.max.reauth.ms` a
 * client has to prove it again (KIP-368).
 */
import type { Context } from '../../../kernel/api.ts';
import { SaslHandshake, type SaslHandshakeRequest } from '../../../protocol/apis/17-sasl-handshake.ts';
import { ApiVersions } from '../../../protocol/apis/18-api-versions.ts';
import { SaslAuthenticate, type SaslAuthenticateRequest } from '../../../protocol/apis/36-sasl-authenticate.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Identity, RawExchange, ServerRequest } from '../../../rpc/api.ts';
import { brokerEvents } from '../../events.ts';
import { beginExchange, type SaslExchange, type SaslUsers, type Step } from './mechanism.ts';

/** A client may not prove itself anew more often than this (`SaslServerAuthenticator`). */
const MIN_REAUTHENTICATION_MS = 1000;

export interface SaslSettings {
  readonly users: SaslUsers;
  /** `sasl.enabled.mechanisms`, as far as this broker has them. */
  readonly mechanisms: readonly string[];
  /** `connections.max.reauth.ms`; 0: for ever. */
  readonly maxReauthMs: number;
  /** `connections.failed.authentication.delay.ms` */
  readonly failureDelayMs: number;
}

interface Attempt {
  readonly mechanism: string;
  readonly exchange: SaslExchange;
}

/** Where a client has got to. */
type Stage =
  | { readonly kind: 'handshake' }
  | ({ readonly kind: 'exchange' } & Attempt)
  | { readonly kind: 'authenticated'; readonly mechanism: string; readonly user: string; readonly sinceMs: number }
  | { readonly kind: 'failed' };

type Authenticated = Extract<Stage, { kind: 'authenticated' }>;

export class SaslSession implements Identity {
  principal = 'User:ANONYMOUS';
  readonly host: string;
  readonly isTrusted = false;
  /** Tokens without requests around them: after a handshake of version 0. */
  raw: RawExchange | null = null;
  private readonly context: Context;
  private readonly settings: SaslSettings;
  private stage: Stage = { kind: 'handshake' };
  /** While a client that was known proves itself anew. */
  private before: Authenticated | null = null;

  constructor(context: Context, settings: SaslSettings, host: string) {
    this.context = context;
    this.settings = settings;
    this.host = host;
  }

  /** True if the request was the session's to answer; false: let it through. */
  take(request: ServerRequest): boolean {
    const { api, body } = request;
    const { stage } = this;
    if (stage.kind === 'authenticated') return this.takeFromKnown(request, stage);
    if (api.key === ApiVersions.key && stage.kind === 'handshake') return false;
    if (api.key === SaslHandshake.key && stage.kind === 'handshake')
      this.handshake(request, (body as SaslHandshakeRequest).mechanism);
    else if (api.key === SaslAuthenticate.key && stage.kind === 'exchange')
      this.authenticate(request, stage, (body as SaslAuthenticateRequest).authBytes);
    else this.end(request, `an unexpected ${api.name} request`);
    return true;
  }

  private takeFromKnown(request: ServerRequest, stage: Authenticated): boolean {
    const { maxReauthMs } = this.settings;
    const ageMs = this.context.nowMs() - stage.sinceMs;
    if (maxReauthMs <= 0) return false;
    if (request.api.key === SaslHandshake.key && ageMs >= MIN_REAUTHENTICATION_MS) {
      this.before = stage;
      this.stage = { kind: 'handshake' };
      return this.take(request);
    }
    if (ageMs < maxReauthMs) return false;
    this.end(request, 'the session has expired');
    return true;
  }

  private end(request: ServerRequest, reason: string): void {
    this.fail(request, reason);
    request.close();
  }

  private fail(request: ServerRequest, reason: string): void {
    this.stage = { kind: 'failed' };
    this.raw = null;
    const { connectionId, node } = request.peer;
    this.context.emit(brokerEvents['authentication-failed'], [connectionId, node, reason]);
  }

  private handshake(request: ServerRequest, mechanism: string): void {
    const { mechanisms, users } = this.settings;
    const isOther = this.before !== null && this.before.mechanism !== mechanism;
    const exchange = mechanisms.includes(mechanism) && !isOther ? beginExchange(mechanism, users) : undefined;
    if (exchange === undefined) {
      this.fail(request, `the mechanism ${mechanism} is not offered`);
      const errorCode = ErrorCode.UNSUPPORTED_SASL_MECHANISM;
      this.refuseLater(request, SaslHandshake.response.make({ errorCode, mechanisms }));
      return;
    }
    this.stage = { kind: 'exchange', mechanism, exchange };
    if (request.version === 0) this.raw = { take: (token, answer) => this.takeRaw(request, token, answer) };
    request.respond(SaslHandshake.response.make({ mechanisms }));
  }

  private authenticate(request: ServerRequest, attempt: Attempt, token: Uint8Array): void {
    const step = this.advance(request, attempt, token);
    if (step.kind === 'failed') {
      const errorCode = ErrorCode.SASL_AUTHENTICATION_FAILED;
      this.refuseLater(request, SaslAuthenticate.response.make({ errorCode, errorMessage: step.reason }));
      return;
    }
    const sessionLifetimeMs = step.kind === 'authenticated' ? this.settings.maxReauthMs : 0;
    request.respond(SaslAuthenticate.response.make({ authBytes: step.token, sessionLifetimeMs }));
  }

  /** Whoever fails with raw tokens hears nothing of why. */
  private takeRaw(handshake: ServerRequest, token: Uint8Array, answer: (token: Uint8Array | null) => void): void {
    if (this.stage.kind !== 'exchange') {
      answer(null);
      return;
    }
    const step = this.advance(handshake, this.stage, token);
    if (step.kind !== 'failed') answer(step.token);
    else this.later(() => answer(null));
  }

  private advance(request: ServerRequest, { mechanism, exchange }: Attempt, token: Uint8Array): Step {
    let step = exchange.step(token);
    if (step.kind === 'authenticated' && this.before !== null && this.before.user !== step.user)
      step = { kind: 'failed', reason: `Cannot change principals during re-authentication from ${this.before.user}` };
    if (step.kind === 'failed') this.fail(request, `${mechanism}: ${step.reason}`);
    if (step.kind !== 'authenticated') return step;
    const { user } = step;
    this.stage = { kind: 'authenticated', mechanism, user, sinceMs: this.context.nowMs() };
    this.before = null;
    this.raw = null;
    this.principal = `User:${user}`;
    const { connectionId, node } = request.peer;
    this.context.emit(brokerEvents['client-authenticated'], [connectionId, node, this.principal, mechanism]);
    return step;
  }

  /** So that nobody can try passwords quickly. */
  private refuseLater(request: ServerRequest, response: unknown): void {
    this.later(() => {
      request.respond(response);
      request.peer.channel.close();
    });
  }

  private later(action: () => void): void {
    this.context.after(this.settings.failureDelayMs * 1000, action, undefined);
  }
}

/** What happens at a listener with SASL, inside the world. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SecurityState } from '../../src/coordinator/security/security-state.ts';
import { hostHashing } from '../../src/gateway/hashing.ts';
import { Metadata } from '../../src/protocol/apis/03-metadata.ts';
import { SaslHandshake } from '../../src/protocol/apis/17-sasl-handshake.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import { SaslAuthenticate } from '../../src/protocol/apis/36-sasl-authenticate.ts';
import { ErrorCode, errorName } from '../../src/protocol/errors.ts';
import { credentialOfPassword, encodeBase64, scramMechanism } from '../../src/protocol/scram.ts';
import { utf8Decode, utf8Encode } from '../../src/protocol/utf8.ts';
import { Harness } from './harness.ts';

const SALT = new Uint8Array([9, 8, 7, 6]);
const mechanism = scramMechanism('SCRAM-SHA-512')!;

function broker(config: Record<string, string> = {}, seed = 1): Harness {
  const h = new Harness({
    brokers: 1,
    config,
    seed,
    sasl: [{ mechanism: 'PLAIN', user: 'alice', password: 'secret' }],
  });
  const credential = credentialOfPassword(hostHashing, mechanism, 'pencil', { salt: SALT, iterations: 4096 });
  h.authority.security = SecurityState.empty.withCredential('bob', mechanism.type, credential);
  h.authority.createTopic('orders', [[1]]);
  h.run(1000);
  return h;
}

const plain = (user: string, password: string) => utf8Encode(`\0${user}\0${password}`);

const handshake = (h: Harness, name: string, version = 1) =>
  h.call(1, SaslHandshake, version, SaslHandshake.request.make({ mechanism: name }));

const authenticate = (h: Harness, authBytes: Uint8Array) =>
  h.call(1, SaslAuthenticate, 2, SaslAuthenticate.request.make({ authBytes }));

const metadata = (h: Harness) => h.ask(1, Metadata, 12, Metadata.request.make({ topics: null }));

const closed = (h: Harness) => h.lines('connection-closed').length;

function login(h: Harness): void {
  expect(handshake(h, 'PLAIN').errorCode).toBe(0);
  expect(authenticate(h, plain('alice', 'secret')).errorCode).toBe(0);
}

/** The client's side of SCRAM, by its own arithmetic. */
function scramFinal(serverFirst: string, clientFirstBare: string, password: string): string {
  const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst)!;
  const salted = hostHashing.pbkdf2('sha512', password, Buffer.from(salt!, 'base64'), Number(iterations));
  const withoutProof = `c=biws,r=${nonce}`;
  const clientKey = createHmac('sha512', salted).update('Client Key').digest();
  const stored = hostHashing.hash('sha512', clientKey);
  const message = `${clientFirstBare},${serverFirst},${withoutProof}`;
  const signature = createHmac('sha512', stored).update(message).digest();
  return `${withoutProof},p=${encodeBase64(clientKey.map((byte, i) => byte ^ signature[i]!))}`;
}

describe('before somebody is known', () => {
  test('ApiVersions is answered, and nothing else', () => {
    const h = broker();
    expect(h.call(1, ApiVersions, 2, ApiVersions.request.make({})).errorCode).toBe(0);
    const asked = metadata(h);
    h.run(500);
    expect(asked).toMatchObject({ value: undefined, failed: true });
    expect(h.lines('authentication-failed')).toEqual([expect.stringContaining('an unexpected Metadata request')]);
  });

  test('a mechanism that is not offered: 33 with those that are, late, and then the end', () => {
    const h = broker({ 'sasl.enabled.mechanisms': 'PLAIN,GSSAPI' });
    const startUs = h.world.nowUs;
    const before = closed(h);
    const answer = handshake(h, 'SCRAM-SHA-256');
    expect([errorName(answer.errorCode), answer.mechanisms]).toEqual(['UNSUPPORTED_SASL_MECHANISM', ['PLAIN']]);
    expect(h.world.nowUs - startUs).toBeGreaterThanOrEqual(100_000);
    h.run(10);
    expect(closed(h)).toBe(before + 1);
  });

  test('SaslAuthenticate without a handshake ends the connection', () => {
    const h = broker();
    const body = SaslAuthenticate.request.make({ authBytes: plain('alice', 'secret') });
    const asked = h.ask(1, SaslAuthenticate, 2, body);
    h.run(500);
    expect(asked.failed).toBe(true);
  });
});

describe('PLAIN', () => {
  test('lets in who knows the password, by name', () => {
    const h = broker();
    login(h);
    const asked = metadata(h);
    h.run(50);
    expect(asked.value?.topics).toHaveLength(1);
    expect(h.lines('client-authenticated')[0]).toContain('principal=User:alice mechanism=PLAIN');
  });

  test.each([
    ['a wrong password', plain('alice', 'wrong')],
    ['an unknown user', plain('eve', 'secret')],
    ['no password', plain('alice', '')],
    ['another authorization id', utf8Encode('bob\0alice\0secret')],
    ['rubbish', utf8Encode('rubbish')],
  ])('%s: 58, late, and then the end', (_, token) => {
    const h = broker();
    handshake(h, 'PLAIN');
    const startUs = h.world.nowUs;
    const answer = authenticate(h, token);
    expect(errorName(answer.errorCode)).toBe('SASL_AUTHENTICATION_FAILED');
    expect(answer.authBytes).toHaveLength(0);
    expect(h.world.nowUs - startUs).toBeGreaterThanOrEqual(100_000);
    const asked = metadata(h);
    h.run(500);
    expect(asked.value).toBeUndefined();
  });

  test('what is asked twice is out of place', () => {
    const h = broker();
    login(h);
    expect(errorName(handshake(h, 'PLAIN').errorCode)).toBe('ILLEGAL_SASL_STATE');
    expect(errorName(authenticate(h, plain('alice', 'secret')).errorCode)).toBe('ILLEGAL_SASL_STATE');
  });
});

describe('SCRAM', () => {
  const first = 'n=bob,r=clientnonce';

  test('lets in who proves the password, and proves itself', () => {
    const h = broker();
    handshake(h, 'SCRAM-SHA-512');
    const challenge = utf8Decode(authenticate(h, utf8Encode(`n,,${first}`)).authBytes);
    expect(challenge).toMatch(/^r=clientnonce[a-z0-9]{25},s=CQgHBg==,i=4096$/);
    const last = authenticate(h, utf8Encode(scramFinal(challenge, first, 'pencil')));
    expect(last.errorCode).toBe(0);
    const salted = hostHashing.pbkdf2('sha512', 'pencil', SALT, 4096);
    const serverKey = createHmac('sha512', salted).update('Server Key').digest();
    const final = scramFinal(challenge, first, 'pencil').replace(/,p=.*/, '');
    const signature = createHmac('sha512', serverKey).update(`${first},${challenge},${final}`).digest('base64');
    expect(utf8Decode(last.authBytes)).toBe(`v=${signature}`);
  });

  test('a wrong password and an unknown user hear the same', () => {
    const h = broker();
    handshake(h, 'SCRAM-SHA-512');
    const challenge = utf8Decode(authenticate(h, utf8Encode(`n,,${first}`)).authBytes);
    const wrong = authenticate(h, utf8Encode(scramFinal(challenge, first, 'pencils')));
    const other = broker();
    handshake(other, 'SCRAM-SHA-512');
    const unknown = authenticate(other, utf8Encode('n,,n=eve,r=x'));
    expect(wrong.errorCode).toBe(ErrorCode.SASL_AUTHENTICATION_FAILED);
    expect(unknown).toEqual(wrong);
  });

  test('the same seed gives the same nonces, another seed others', () => {
    const nonce = (seed: number) => {
      const h = broker({}, seed);
      handshake(h, 'SCRAM-SHA-512');
      return utf8Decode(authenticate(h, utf8Encode(`n,,${first}`)).authBytes);
    };
    expect(nonce(1)).toBe(nonce(1));
    expect(nonce(1)).not.toBe(nonce(2));
  });
});

describe('a handshake of version 0', () => {
  test('is followed by raw tokens', () => {
    const h = broker();
    const raw = h.rawClient(1);
    raw.request(SaslHandshake, 0, SaslHandshake.request.make({ mechanism: 'PLAIN' }));
    h.run(50);
    raw.send(plain('alice', 'secret'));
    h.run(50);
    raw.request(Metadata, 1, Metadata.request.make({ topics: null }));
    h.run(50);
    expect(raw.received.map((frame) => frame.length > 0)).toEqual([true, false, true]);
    expect(raw.closed).toBe(false);
  });

  test('who fails hears nothing', () => {
    const h = broker();
    const raw = h.rawClient(1);
    raw.request(SaslHandshake, 0, SaslHandshake.request.make({ mechanism: 'PLAIN' }));
    h.run(50);
    raw.send(plain('alice', 'wrong'));
    h.run(50);
    expect([raw.received.length, raw.closed]).toEqual([1, false]);
    h.run(100);
    expect([raw.received.length, raw.closed]).toEqual([1, true]);
  });
});

describe('sessions that end (connections.max.reauth.ms)', () => {
  const config = { 'connections.max.reauth.ms': '60000' };

  test('are told how long they last, and go on after another proof', () => {
    const h = broker(config);
    handshake(h, 'PLAIN');
    expect(authenticate(h, plain('alice', 'secret')).sessionLifetimeMs).toBe(60_000);
    h.run(50_000);
    login(h);
    h.run(50_000);
    const asked = metadata(h);
    h.run(50);
    expect(asked.value?.topics).toHaveLength(1);
  });

  test('are closed when they are over', () => {
    const h = broker(config);
    login(h);
    h.run(61_000);
    const asked = metadata(h);
    h.run(500);
    expect(asked).toMatchObject({ failed: true });
    expect(h.lines('authentication-failed')[0]).toContain('the session has expired');
  });

  test('stay with who began them, and with the mechanism', () => {
    const h = broker(config);
    login(h);
    h.run(2000);
    expect(errorName(handshake(h, 'SCRAM-SHA-512').errorCode)).toBe('UNSUPPORTED_SASL_MECHANISM');
  });
});

import { describe, expect, test } from 'vitest';
import { hostHashing } from '../../src/gateway/hashing.ts';
import {
  credentialOfPassword,
  decodeBase64,
  encodeBase64,
  parseClientFinal,
  parseClientFirst,
  scramMechanism,
  verifyProof,
} from '../../src/protocol/scram.ts';
import { utf8Decode } from '../../src/protocol/utf8.ts';

/** The exchange of RFC 7677, section 3. */
test('the exchange of RFC 7677', () => {
  const first = parseClientFirst('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')!;
  expect(first).toMatchObject({ user: 'user', nonce: 'rOprNGfwEbeRWgbNEkqO', header: 'n,,', isToken: false });
  const serverFirst = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
  const final = parseClientFinal(
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  )!;
  const mechanism = scramMechanism('SCRAM-SHA-256')!;
  const salt = decodeBase64('W22ZaJ0SNY7soEsUEjb6gQ==')!;
  const credential = credentialOfPassword(hostHashing, mechanism, 'pencil', { salt, iterations: 4096 });
  const authMessage = `${first.bare},${serverFirst},${final.withoutProof}`;
  const signature = verifyProof(hostHashing, mechanism, credential, { authMessage, proof: final.proof });
  expect(encodeBase64(signature!)).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  const other = credentialOfPassword(hostHashing, mechanism, 'pencils', { salt, iterations: 4096 });
  expect(verifyProof(hostHashing, mechanism, other, { authMessage, proof: final.proof })).toBeNull();
});

describe('messages', () => {
  test.each([
    ['n,,n=a=2Cb=3Dc,r=x', 'a,b=c'],
    ['y,,n=bob,r=x,tokenauth=true', 'bob'],
    ['n,a=bob,n=bob,r=x', 'bob'],
  ])('%s is of %s', (text, user) => expect(parseClientFirst(text)?.user).toBe(user));

  test.each(['', 'p=tls-unique,,n=a,r=x', 'n,,n=a=zz,r=x', 'n,,r=x,n=a', 'n,,n=,r=x'])('%j is none', (text) =>
    expect(parseClientFirst(text)).toBeNull(),
  );

  test.each(['', 'c=biws,r=x', 'c=biws,p=AAAA', 'c=biws,r=x,p=A$AA'])('%j is no last message', (text) =>
    expect(parseClientFinal(text)).toBeNull(),
  );
});

test('base64 there and back', () => {
  for (let length = 0; length < 20; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 73 + 200) & 255);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
  }
  expect(decodeBase64('abc')).toBeNull();
  expect(utf8Decode(decodeBase64('aGVsbG8=')!)).toBe('hello');
});

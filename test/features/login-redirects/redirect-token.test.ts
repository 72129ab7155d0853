import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { readAnswer, signVisit } from '#src/features/login-redirects/redirect-token';

const key = Buffer.from('k'.repeat(64));
const now = 1_800_000_000_000;
const seconds = now / 1_000;
const expected = { userId: 'auth0|ada', state: 's'.repeat(43), now };
const good = { sub: 'auth0|ada', state: expected.state, iat: seconds, exp: seconds + 60, jti: 'one' };

const signed = (claims: object, by: Uint8Array = key, alg = 'HS256'): Promise<string> =>
  new SignJWT(claims as JWTPayload).setProtectedHeader({ alg }).sign(by);

test('takes a token of the page for this user and this visit', async () => {
  expect(await readAnswer(key, await signed(good), expected)).toBe('one');
  // A minute is what clocks may differ by.
  expect(
    await readAnswer(key, await signed({ ...good, exp: seconds - 59, iat: seconds + 60 }), expected),
  ).toBe('one');
});

test.each<[string, object]>([
  ['another user', { sub: 'auth0|eve' }],
  ['a list of users', { sub: ['auth0|ada'] }],
  ['no state', { state: undefined }],
  ['another state', { state: 'x'.repeat(43) }],
  ['a list of states', { state: [expected.state] }],
  ['no end', { exp: undefined }],
  ['an end that is over', { exp: seconds - 60 }],
  ['an end that is a text', { exp: String(seconds + 60) }],
  ['an end that is a fraction', { exp: seconds + 60.5 }],
  ['an end beyond all numbers', { exp: 1e20 }],
  ['a negative end', { exp: -1 }],
  ['a beginning to come', { iat: seconds + 61 }],
  ['a time before which it is not good', { nbf: seconds + 61 }],
  ['no id', { jti: undefined }],
  ['an empty id', { jti: '' }],
  ['an id that is too long', { jti: 'x'.repeat(257) }],
])('6.5-5 refuses a token with %s', async (_name, other) => {
  expect(await readAnswer(key, await signed({ ...good, ...other }), expected)).toBeNull();
});

test('6.5-5 refuses what the page did not sign, whatever the header says', async () => {
  const token = await signed(good);
  const [head = '', body = '', signature = ''] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ ...good, jti: 'two' })).toString('base64url');
  const refused = [
    ...[
      new UnsecuredJWT(good).encode(),
      await signed(good, Buffer.from('another key of thirty-two bytes or so')),
    ],
    ...[await signed(good, key.subarray(0), 'HS384').catch(() => ''), `${head}.${forged}.${signature}`],
    ...[`${head}.${body}.`, `${head}.${body}`, `${body}.${head}.${signature}`, '', 'x', 'x'.repeat(9_000)],
    ...[`${token}.${token}`],
  ];
  for (const one of refused) expect(await readAnswer(key, one, expected)).toBeNull();
});

test('what the page is told cannot come back as its answer', async () => {
  const told = await signVisit(key, {
    ...{ userId: 'auth0|ada', issuer: 'https://id.example', id: 'visit', ip: '192.0.2.1' },
    ...{ payload: { email: 'ada@example.com' }, now, seconds: 60 },
  });
  expect(JSON.parse(Buffer.from(told.split('.')[1] ?? '', 'base64url').toString())).toEqual({
    ...{
      sub: 'auth0|ada',
      iss: 'https://id.example',
      jti: 'visit',
      ip: '192.0.2.1',
      email: 'ada@example.com',
    },
    ...{ iat: seconds, exp: seconds + 60 },
  });
  expect(await readAnswer(key, told, expected)).toBeNull();
});

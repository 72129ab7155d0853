import fc from 'fast-check';
import { createSessionCookie } from '#src/features/sessions/session-cookie';
import { newSessionSecret } from '#src/features/sessions/session-token';
import { randomIds } from '#src/shared/ids';

const secure = createSessionCookie({ issuer: 'https://id.example.com' });
const loopback = createSessionCookie({ issuer: 'http://127.0.0.1:4000' });
const secret = newSessionSecret(randomIds);
const now = 1_000_000_000_000;

describe('session cookie', () => {
  it('has the __Host- prefix and every protection on https', () => {
    expect(secure.give(secret, now)).toBe(
      `__Host-gid_session=${secret}; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
  });

  it('drops the prefix and Secure on loopback http alone', () => {
    expect(loopback.give(secret, now)).toBe(`gid_session=${secret}; Path=/; HttpOnly; SameSite=Lax`);
  });

  it('ends with the browser unless it is persistent, and then with the session', () => {
    expect(secure.give(secret, now)).not.toMatch(/Max-Age|Expires/);
    expect(secure.give(secret, now, now + 90_500)).toContain('; Max-Age=90;');
    expect(secure.give(secret, now, now - 1)).toContain('; Max-Age=0;');
  });

  it.each([secure, loopback])('is deleted under the same name and attributes', (cookie) => {
    const given = cookie.give(secret, now).replace(secret, '').split('; ').sort();
    const removed = cookie.remove().split('; ').sort();
    expect(removed.filter((part) => part !== 'Max-Age=0')).toEqual(given);
    expect(removed).toContain('Max-Age=0');
  });

  it('carries nothing but a session secret', () => {
    expect(() => secure.give('x; Domain=example.com', now)).toThrow('no session secret');
  });

  it('is read from among other cookies', () => {
    expect(secure.read(`a=b; __Host-gid_session=${secret}; c=d`)).toBe(secret);
    expect(secure.read(`gid_session=${secret}`)).toBeNull();
    expect(loopback.read(`gid_session=${secret}`)).toBe(secret);
  });

  it.each([
    undefined,
    '',
    'gid_session',
    'gid_session=',
    'gid_session=%',
    `gid_session=${'a'.repeat(16_384)}`,
  ])('is absent in %j', (header) => {
    expect(loopback.read(header)).toBeNull();
  });

  it('reads back what it gave, and never fails on any header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), (bytes, noise) => {
        const value = Buffer.from(bytes).toString('base64url');
        expect(secure.read(secure.give(value, now).split(';')[0])).toBe(value);
        const read = secure.read(noise);
        expect(read === null || noise.includes(read)).toBe(true);
      }),
    );
  });
});

import { clearCookieHeader, readCookie, setCookieHeader } from '#src/http/cookies';

describe('cookies', () => {
  it('carry the host prefix and Secure on https', () => {
    expect(setCookieHeader('gid_session', 'abc', { isSecure: true, maxAgeSeconds: 60 })).toBe(
      '__Host-gid_session=abc; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
  });

  it('carry neither on loopback http, and no age when they end with the browser', () => {
    expect(setCookieHeader('gid_session', 'abc', { isSecure: false })).toBe(
      'gid_session=abc; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  it('are deleted under the same name, path and attributes', () => {
    expect(clearCookieHeader('gid_session', true)).toBe(
      '__Host-gid_session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
  });

  it('are read under their full name alone', () => {
    const header = 'a=1; xgid_session=2; gid_session=3; __Host-gid_session=4';
    expect(readCookie(header, 'gid_session', false)).toBe('3');
    expect(readCookie(header, 'gid_session', true)).toBe('4');
    expect(readCookie('gid_session=3', 'gid_session', true)).toBeUndefined();
    expect(readCookie(undefined, 'gid_session', true)).toBeUndefined();
  });
});

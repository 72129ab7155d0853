import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

  it.each([
    'gid_session=ours; gid_session=injected',
    'gid_session=injected; gid_session=ours',
    'gid_session=ours;gid_session=ours',
    'gid_session=; gid_session=ours',
    'gid_session=ours; other=1;\tgid_session=injected; last=2',
  ])('bad input: two cookies of one name, and neither counts: %j', (header) => {
    expect(readCookie(header, 'gid_session', false)).toBeUndefined();
  });

  it.each([
    ['xgid_session=1;gid_session=2', '2'],
    ['other=gid_session=1; gid_session=2', '2'],
    ['gid_session=a=b', 'a=b'],
    ['  gid_session=2 ; x=1', '2'],
    ['gid_session', undefined],
    ['gid_session =2', undefined],
    ['', undefined],
  ])('reads %j as %j', (header, value) => {
    expect(readCookie(header, 'gid_session', false)).toBe(value);
  });

  it('are written in one place', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const writers = files.filter((file) => /from 'cookie'/.test(readFileSync(join('src', file), 'utf8')));
    expect(writers).toEqual([join('http', 'cookies.ts')]);
  });
});

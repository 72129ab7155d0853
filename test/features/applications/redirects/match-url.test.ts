import { matchUrl } from '#src/features/applications/redirects/match-url';

const live = { type: 'REGULAR_WEB', devMode: false };

describe('matching a redirect URL', () => {
  const registered = ['https://a.example/cb'];

  it.each(['https://a.example/cb', 'HTTPS://A.example:443/cb'])('%s is the registered one', (url) => {
    expect(matchUrl({ ...live, url }, registered)).toBe('https://a.example/cb');
  });

  it.each([
    'https://a.example/cb/',
    'https://a.example/CB',
    'https://a.example/cb?x=1',
    'https://a.example:444/cb',
    'https://a.example',
    'http://a.example/cb',
    'https://b.a.example/cb',
    'https://a.example/cb#x',
    'https://a.example/x/../cb',
    '//a.example/cb',
    '/cb',
    '',
  ])('6.5-2 %s is not', (url) => {
    expect(matchUrl({ ...live, url }, registered)).toBeNull();
  });

  it.each([
    '//evil',
    '/\\evil',
    '/%09/evil',
    'https:evil',
    'https://good.example@evil',
    'https://good.example.evil',
    'https://good.example/cb?next=%252F%252Fevil',
    'https://good.example\\@evil/cb',
  ])('6.5-1 %s does not pass for https://good.example/cb', (url) => {
    expect(matchUrl({ ...live, url }, ['https://good.example/cb'])).toBeNull();
  });

  it('6.5-3 a free port of loopback is for native applications alone, and never for the name localhost', () => {
    const loopback = ['http://127.0.0.1/cb', 'http://[::1]/cb', 'http://localhost/cb'];
    const native = { type: 'NATIVE', devMode: false };
    expect(matchUrl({ ...native, url: 'http://127.0.0.1:51234/cb' }, loopback)).toBe(
      'http://127.0.0.1:51234/cb',
    );
    expect(matchUrl({ ...native, url: 'http://[::1]:51234/cb' }, loopback)).toBe('http://[::1]:51234/cb');
    expect(matchUrl({ ...native, url: 'http://127.0.0.1:51234/other' }, loopback)).toBeNull();
    expect(matchUrl({ ...native, url: 'http://localhost:51234/cb' }, loopback)).toBeNull();
    expect(matchUrl({ ...live, url: 'http://127.0.0.1:51234/cb' }, loopback)).toBeNull();
  });

  it('6.5-4 a wildcard stands for one label, and for applications in development alone', () => {
    const wildcard = ['https://*.example.com/cb'];
    const development = { type: 'REGULAR_WEB', devMode: true };
    expect(matchUrl({ ...development, url: 'https://a.example.com/cb' }, wildcard)).toBe(
      'https://a.example.com/cb',
    );
    for (const url of [
      'https://a.b.example.com/cb',
      'https://example.com/cb',
      'https://.example.com/cb',
      'https://*.example.com/cb',
    ]) {
      expect(matchUrl({ ...development, url }, wildcard)).toBeNull();
    }
    expect(matchUrl({ ...live, url: 'https://a.example.com/cb' }, wildcard)).toBeNull();
  });

  it('the name of the organization fills its place, and without one the entry is skipped', () => {
    const entry = ['https://{organization_name}.example.com/cb'];
    const acme = { ...live, organizationName: 'acme' };
    expect(matchUrl({ ...acme, url: 'https://acme.example.com/cb' }, entry)).toBe(
      'https://acme.example.com/cb',
    );
    expect(matchUrl({ ...acme, url: 'https://other.example.com/cb' }, entry)).toBeNull();
    expect(matchUrl({ ...live, url: 'https://acme.example.com/cb' }, entry)).toBeNull();
    expect(
      matchUrl({ ...live, organizationName: 'a_b', url: 'https://a_b.example.com/cb' }, entry),
    ).toBeNull();
  });
});

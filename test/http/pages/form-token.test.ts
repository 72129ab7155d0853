import { createFormTokens, formToken, withFormToken } from '#src/http/pages/form-token';

const key = (fill: number) => ({ kid: `k${fill}`, key: Buffer.alloc(32, fill) });
const issuer = 'https://id.example.com';
const tokens = createFormTokens({ issuer }, () => [key(1)]);

describe('the token of a form', () => {
  const { token, setCookie } = tokens.of(undefined);
  const cookie = `__Host-gid_csrf=${token}`;
  const form = (csrf?: string) => new Map(csrf === undefined ? [] : [['csrf', csrf]]);

  it('comes with a cookie that no link from elsewhere brings and no script reads, for the run of the browser', () => {
    expect(setCookie).toBe(`__Host-gid_csrf=${token}; Path=/; HttpOnly; Secure; SameSite=Strict`);
  });

  it('is the one that the browser has, as long as a key of ours has signed it', () => {
    expect(tokens.of(cookie)).toEqual({ token, setCookie: null });
    expect(tokens.of('__Host-gid_csrf=made-up').token).not.toBe('made-up');
    const rotated = createFormTokens({ issuer }, () => [key(2), key(1)]);
    expect(rotated.of(cookie)).toEqual({ token, setCookie: null });
    const removed = createFormTokens({ issuer }, () => [key(2)]);
    expect(removed.of(cookie).token).not.toBe(token);
    expect(removed.accepts({ cookie }, form(token))).toBe(false);
  });

  const other = tokens.of(undefined).token;
  it.each<[string, Record<string, string>, string | undefined, boolean]>([
    ['cookie and field agree', { cookie }, token, true],
    [
      'and the browser says the origin',
      { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' },
      token,
      true,
    ],
    ['a second page has set another cookie since', { cookie, 'sec-fetch-site': 'same-origin' }, other, true],
    ['the cookie is gone', { 'sec-fetch-site': 'same-origin' }, token, true],
    ['our own referrer policy hides the origin', { cookie, origin: 'null' }, token, true],
    ['no field', { cookie, 'sec-fetch-site': 'same-origin' }, undefined, false],
    [
      'a field that nobody signed',
      { cookie: '__Host-gid_csrf=x', 'sec-fetch-site': 'same-origin' },
      'x',
      false,
    ],
    ['no cookie, and a browser that says nothing', {}, token, false],
    ['another token than the cookie', { cookie }, other, false],
    ['two cookies of one name', { cookie: `${cookie}; ${cookie}` }, token, false],
    ['a page of another site', { cookie, 'sec-fetch-site': 'cross-site' }, token, false],
    ['a page of a neighbour', { cookie, 'sec-fetch-site': 'same-site' }, token, false],
    ['another origin', { cookie, origin: 'https://evil.example' }, token, false],
  ])('%s', (_case, headers, csrf, isAccepted) => {
    expect(tokens.accepts(headers, form(csrf))).toBe(isAccepted);
  });

  it('is put into the forms of a page, and pages without forms get no cookie', () => {
    const page = `<form>${formToken.text}</form><form>${formToken.text}</form>`;
    const made = withFormToken(page, tokens, cookie);
    expect(made.page.split(`value="${token}"`)).toHaveLength(3);
    expect(made.setCookie).toBeNull();
    expect(withFormToken('<p>No form</p>', tokens, undefined)).toEqual({
      page: '<p>No form</p>',
      setCookie: null,
    });
  });
});

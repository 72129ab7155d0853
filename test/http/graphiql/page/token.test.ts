import { cleanToken, describeToken } from '#src/http/graphiql/page/token';

const now = 1_700_000_000_000;

describe('cleanToken', () => {
  test.each([
    ['abc.def.ghi', 'abc.def.ghi'],
    ['  Bearer abc.def.ghi\r\n', 'abc.def.ghi'],
    ['bearer   abc.def.ghi', 'abc.def.ghi'],
    ['"abc.def.ghi"', 'abc.def.ghi'],
    ['Authorization: Bearer abc.def.ghi', 'abc.def.ghi'],
    ['{"Bearer abc', '{Bearerabc'],
    ['abc.\ndef.\nghi', 'abc.def.ghi'],
    ['abc\u0000\u200bdéf', 'abcdf'],
    ['bearer', 'bearer'],
    ['', ''],
  ])('turns %j into %j', (text, token) => {
    expect(cleanToken(text)).toBe(token);
  });
});

describe('describeToken', () => {
  test.each([
    ['no token', '', 'No token: requests use the session cookie, if there is one.'],
    ['an opaque token', 'opaque', 'Requests carry the token.'],
    ['a token that is not base64', 'a.%%%.c', 'Requests carry the token.'],
    ['claims that are no object', tokenOf('null'), 'Requests carry the token.'],
    ['a caller', tokenOf('{"sub":"auth0|ada"}'), 'Requests carry the token of auth0|ada.'],
    ['a caller outside ASCII', tokenOf('{"sub":"zoë"}'), 'Requests carry the token of zoë.'],
    ['minutes left', tokenOf(claims(54 * 60)), 'Requests carry the token of cli, valid for 54 min.'],
    ['hours left', tokenOf(claims(24 * 3600)), 'Requests carry the token of cli, valid for 24 h.'],
    ['a past expiry', tokenOf(claims(-1)), 'Requests carry the token of cli, which has expired.'],
  ])('for %s', (_what, token, sentence) => {
    expect(describeToken(token, now)).toBe(sentence);
  });
});

function claims(secondsLeft: number): string {
  return JSON.stringify({ sub: 'cli', exp: now / 1000 + secondsLeft });
}

function tokenOf(payload: string): string {
  return `header.${Buffer.from(payload).toString('base64url')}.signature`;
}

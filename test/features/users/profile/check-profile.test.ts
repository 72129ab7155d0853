import { readConnectionOptions } from '#src/features/connections/connection-options';
import { checkProfile } from '#src/features/users/profile/check-profile';
import type { ProfileChange } from '#src/features/users/profile/profile';
import { GatehouseError } from '#src/shared/errors';

const database = { strategy: 'auth0', options: readConnectionOptions({}) };
const google = { strategy: 'google-oauth2', options: readConnectionOptions({}) };

function refused(change: ProfileChange, rules = database): string {
  try {
    checkProfile(change, rules);
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'VALIDATION_FAILED')
      return String(error.extensions['field']);
    throw error;
  }
  return 'nothing';
}

describe('checking a profile', () => {
  const cases: readonly [string, ProfileChange, string][] = [
    ['a name of 150 characters', { name: 'x'.repeat(150) }, 'nothing'],
    ['a name of 151 characters', { name: 'x'.repeat(151) }, 'name'],
    ['150 characters beyond the basic plane', { name: '😀'.repeat(150) }, 'nothing'],
    ['an empty name', { name: '' }, 'name'],
    ['a given name of 151 characters', { givenName: 'x'.repeat(151) }, 'givenName'],
    ['a family name of 151 characters', { familyName: 'x'.repeat(151) }, 'familyName'],
    ['a nickname of 350 characters', { nickname: 'x'.repeat(350) }, 'nothing'],
    ['a nickname of 351 characters', { nickname: 'x'.repeat(351) }, 'nickname'],
    ['a username of 15 characters', { username: 'x'.repeat(15) }, 'nothing'],
    ['a username of 16 characters', { username: 'x'.repeat(16) }, 'username'],
    ['a username with every sign allowed', { username: "a@^$.!#+-'~_`" }, 'nothing'],
    ['a username with an accent', { username: 'josé' }, 'username'],
    ['a username with a space', { username: 'a b' }, 'username'],
    ['a username that is an address', { username: 'a@b.io' }, 'username'],
    ['a phone number of 15 digits', { phoneNumber: '+123456789012345' }, 'nothing'],
    ['a phone number of 16 digits', { phoneNumber: '+1234567890123456' }, 'phoneNumber'],
    ['a phone number without a plus sign', { phoneNumber: '0123' }, 'phoneNumber'],
    ['an https picture', { picture: 'https://x.io/a.png' }, 'nothing'],
    ['an http picture', { picture: 'http://x.io/a.png' }, 'picture'],
    ['a script as picture', { picture: 'javascript:alert(1)' }, 'picture'],
    ['data as picture', { picture: 'data:image/png;base64,AAAA' }, 'picture'],
    ['a picture URL of 2,049 characters', { picture: `https://x.io/${'a'.repeat(2036)}` }, 'picture'],
    ['a NUL character', { name: 'a\u0000b' }, 'name'],
    ['half a surrogate pair', { name: 'a\ud800' }, 'name'],
    ['null everywhere', { name: null, email: null, picture: null }, 'nothing'],
  ];

  it.each(cases)('%s', (_title, change, field) => {
    expect(refused(change)).toBe(field);
  });

  it('lower-cases e-mail and username of a database user only', () => {
    const change = { email: 'Jane@X.io', username: 'JaneS' };
    expect(checkProfile(change, database)).toEqual({ email: 'jane@x.io', username: 'janes' });
    expect(checkProfile({ email: 'Jane@X.io' }, google)).toEqual({ email: 'Jane@X.io' });
  });

  it('takes the length of usernames from the connection, up to 128', () => {
    const options = readConnectionOptions({ validation: { username: { min: 3, max: 500 } } });
    expect(options.usernameLength).toEqual({ min: 3, max: 128 });
    expect(refused({ username: 'x'.repeat(128) }, { strategy: 'auth0', options })).toBe('nothing');
    expect(refused({ username: 'xx' }, { strategy: 'auth0', options })).toBe('username');
  });

  it('does not repeat the value in the message', () => {
    expect(() => checkProfile({ phoneNumber: 'my secret' }, database)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') as string }),
    );
  });
});

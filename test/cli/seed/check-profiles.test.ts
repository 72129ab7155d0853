import { checkProfiles } from '#src/cli/seed/check-profiles';
import { randomIds } from '#src/shared/ids';
import { profiles } from '#test/cli/seed/profiles';

function problemsOf(...rows: unknown[]): readonly string[] {
  return checkProfiles(rows, randomIds).problems;
}

describe('profiles of a file', () => {
  it('are accepted as they are written', () => {
    const { problems, profiles: checked } = checkProfiles(profiles, randomIds);
    expect(problems).toEqual([]);
    expect(checked).toHaveLength(profiles.length);
  });

  it('have the identity that the id tells when they name none', () => {
    const rows = [
      { user_id: 'auth0|x', email: 'x@example.com' },
      { user_id: 'samlp|corp|e5' },
      { user_id: 'sms|c3' },
    ];
    const found = checkProfiles(rows, randomIds).profiles.map((profile) => profile.identities[0]);
    expect(found).toMatchObject([
      { connection: 'main', strategy: 'auth0', providerUserId: 'x' },
      { connection: 'corp', strategy: 'samlp', providerUserId: 'corp|e5' },
      { connection: 'sms', strategy: 'sms', providerUserId: 'c3' },
    ]);
  });

  it('have addresses in lower case for a database connection and as written for others', () => {
    const rows = [
      { user_id: 'auth0|x', email: 'X@Example.com' },
      { user_id: 'samlp|corp|x', email: 'X@Example.com' },
    ];
    const emails = checkProfiles(rows, randomIds).profiles.map(({ profile }) => profile.email);
    expect(emails).toEqual(['x@example.com', 'X@Example.com']);
  });

  it('keep what is no known attribute, and leave out what the gateway does not store', () => {
    const row = { user_id: 'github|1', company: 'Acme', tenant: 't', blocked_for: [] };
    const { profiles: checked, leftOut } = checkProfiles([row], randomIds);
    expect(checked[0]?.attributes).toEqual({ company: 'Acme' });
    expect([...leftOut]).toEqual([
      ['blocked_for', 1],
      ['tenant', 1],
    ]);
  });

  it('give organizations an id that their name tells', () => {
    const row = {
      user_id: 'sms|1',
      organizations: ['acme', 'org_globex', 'with-dash', { name: 'own', id: 'org_own1' }],
    };
    const found = checkProfiles([row], randomIds).profiles[0]?.organizations;
    expect(found).toMatchObject([
      { name: 'acme', id: 'org_acme' },
      { name: 'globex', id: 'org_globex' },
      { name: 'with-dash', id: expect.stringMatching(/^org_[A-Za-z0-9]{16}$/) },
      { name: 'own', id: 'org_own1' },
    ]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no id', {}, /^row 1, user_id: /],
    ['an id without provider', { user_id: 'jane' }, /^row 1 \(jane\), user_id: must be a provider/],
    ['a space in the id', { user_id: 'auth0|a b' }, /user_id: must be a provider/],
    ['a wrong type', { user_id: 'auth0|a', name: 5 }, /^row 1 \(auth0\|a\), name: /],
    ['a wrong address', { user_id: 'auth0|a', email: 'nobody' }, /email: must be an e-mail address/],
    ['a wrong phone number', { user_id: 'sms|a', phone_number: '123' }, /phone_number: must be a plus sign/],
    [
      'a script as picture',
      { user_id: 'sms|a', picture: 'javascript:alert(1)' },
      /picture: must be an https URL/,
    ],
    ['an empty name', { user_id: 'sms|a', name: '' }, /name: must have 1 to 150 characters/],
    [
      'a long family name',
      { user_id: 'sms|a', family_name: 'x'.repeat(151) },
      /family_name: must have 1 to 150/,
    ],
    ['a date that is none', { user_id: 'sms|a', created_at: 'yesterday' }, /created_at: must be a date/],
    ['a day that is none', { user_id: 'sms|a', created_at: '2024-13-45' }, /created_at: must be a date/],
    ['a negative counter', { user_id: 'sms|a', logins_count: -1 }, /logins_count: /],
    ['an address of no network', { user_id: 'sms|a', last_ip: '999.1.1.1' }, /last_ip: /],
    ['a list as metadata', { user_id: 'sms|a', user_metadata: [] }, /user_metadata: /],
    [
      'a dot in a metadata key',
      { user_id: 'sms|a', user_metadata: { 'a.b': 1 } },
      /user_metadata: A key below/,
    ],
    [
      'a reserved name',
      { user_id: 'sms|a', app_metadata: { email: 'x' } },
      /app_metadata: "email" is reserved/,
    ],
    [
      'another primary identity',
      { user_id: 'sms|a', identities: [{ provider: 'sms', user_id: 'b' }] },
      /identities\[0\]: must be/,
    ],
    ['no identity', { user_id: 'sms|a', identities: [] }, /identities: /],
    [
      'a token in an identity',
      { user_id: 'sms|a', identities: [{ provider: 'sms', user_id: 'a', access_token: 't' }] },
      /identities\[0\]: /,
    ],
    [
      'a password',
      { user_id: 'auth0|a', email: 'a@example.com', password: 'secret' },
      /password: cannot be loaded/,
    ],
    [
      'a wrong organization',
      { user_id: 'sms|a', organizations: ['Acme Inc'] },
      /organizations\[0\]: must be the name/,
    ],
  ])('are refused with row and field for %s', (_, row, expected) => {
    const problems = problemsOf(row);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it.each([[null], [5], ['text'], [['list']]])('are refused when a row is %j', (row) => {
    expect(problemsOf(row)).toEqual(['row 1: must be an object']);
  });

  it('are refused when an id occurs twice', () => {
    const row = { user_id: 'sms|a' };
    expect(problemsOf(row, { user_id: 'sms|b' }, row)).toEqual([
      'row 3 (sms|a), user_id: is that of row 1 too',
    ]);
  });

  it('tell all that is wrong at once', () => {
    const problems = problemsOf(
      { user_id: 'sms|a', phone_number: '1', name: '', picture: 'x' },
      { user_id: 'x' },
    );
    expect(problems).toHaveLength(4);
  });

  it('never repeat a wrong value', () => {
    expect(problemsOf({ user_id: 'auth0|a', email: 'secret-value', name: '' }).join()).not.toContain(
      'secret-value',
    );
  });

  it('keep dangerous keys away from every prototype', () => {
    const row: unknown = JSON.parse(
      '{"user_id": "sms|a", "user_metadata": {"__proto__": {"polluted": true}}}',
    );
    expect(problemsOf(row)).toHaveLength(1);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

/**
 * @jest-environment node
 */
import type { AttributeRule, BlacklistEntry, Policy } from '#src/access/policy';
import type { PrincipalFields } from '#src/access/principal';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { SearchService, type UserSearch } from '#src/features/search/search.service';
import type { GatehouseError } from '#src/shared/errors';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUsers } from '#test/features/search/support/insert-users';
import { fixture } from '#test/features/search/support/population';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
const service = new SearchService();
const letters = new Map(Object.entries(fixture).map(([letter, user]) => [user.user_id, letter]));

function denying(paths: string[], rule: Partial<AttributeRule> = {}): Partial<Policy> {
  const deny: AttributeRule = {
    id: 'atr_1',
    name: 'test',
    effect: 'DENY',
    actions: ['READ'],
    paths,
    subject: {},
    object: {},
    mask: null,
    ...rule,
  };
  return { rules: [deny] };
}

const listed = (name: string, scope: BlacklistEntry['scope'] = 'TENANT'): Partial<Policy> => ({
  blacklist: [{ scope, scopeId: scope === 'TENANT' ? '' : 'main', name }],
});

eachDatabase('what a caller may search by', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
    await insertUsers(storage, Object.values(fixture));
  });

  async function find(
    search: UserSearch,
    policy: Partial<Policy>,
    caller: Partial<PrincipalFields> = {},
  ): Promise<string> {
    const result = await service.users(callOn(storage, { policy, caller }), {
      sort: [{ field: 'CREATED_AT', direction: 'ASC' }],
      ...search,
    });
    const found = result.page.rows.map(({ id }) => letters.get(id)).join('');
    expect((await result.count()).total).toBe(found.length);
    return found;
  }

  /** The refusal as the caller sees it, and how many statements were sent before it. */
  async function refusal(search: UserSearch, policy: Partial<Policy>): Promise<object> {
    const call = callOn(storage, { policy });
    const error = await service.users(call, search).then(
      () => null,
      (thrown: GatehouseError) => thrown,
    );
    return {
      code: error?.code,
      message: error?.message,
      extensions: error?.extensions,
      statements: call.store.statements,
    };
  }

  const neverSearchable = (field: string, position = 0): object => ({
    code: 'FIELD_NOT_SEARCHABLE',
    message: 'This field cannot be searched.',
    extensions: { field, position },
    statements: 0,
  });

  test('S9 a field the caller may not read answers word for word like one that nobody can search', async () => {
    const policy = denying(['last_ip']);
    expect(await refusal({ q: 'picture:10*' }, policy)).toEqual(neverSearchable('picture'));
    expect(await refusal({ q: 'last_ip:10*' }, policy)).toEqual(neverSearchable('last_ip'));
    expect(await find({ q: 'last_ip:10*' }, {})).toBe('D');
  });

  test.each([
    'email:"jane@exampleco.com"',
    'email:"nobody@exampleco.com"',
    'email:jane*',
    'email:[a TO b]',
    'email:*',
    '_exists_:email',
    'email.domain:"exampleco.com"',
    'emai\\l:x',
    'NOT email:x',
    'name:x OR (name:y AND NOT email:(a OR b))',
    'email.raw:x',
    'email:*ab*  OR email:x',
  ])('B06 B07 B08 a denied address cannot be guessed by %s', async (q) => {
    const answer = (await refusal({ q }, denying(['email']))) as { code: string };
    // A pattern that is too short is refused before any field is looked up, whoever asks.
    expect(answer).toMatchObject({
      code: q.includes('*ab*') ? 'INVALID_QUERY_STRING' : 'FIELD_NOT_SEARCHABLE',
      statements: 0,
    });
  });

  test.each([
    ['given_name', 'givenName:x', 'givenName'],
    ['user_metadata.ssn', 'user_metadata.ssn:1', 'user_metadata.ssn'],
    ['user_metadata.ssn', 'userMetadata.ssn.digits:1', 'userMetadata.ssn.digits'],
    ['user_metadata.ssn', 'user_metadata.s\\sn:1', 'user_metadata.s\\sn'],
    ['user_metadata.*', 'user_metadata.anything:1', 'user_metadata.anything'],
    ['user_metadata.**', 'user_metadata.any.thing:1', 'user_metadata.any.thing'],
    ['identities.connection', 'identities.connection:main', 'identities.connection'],
    ['identities', 'identities.isSocial:true', 'identities.isSocial'],
    ['identities', 'identities.profileData.langs:de', 'identities.profileData.langs'],
    ['identities.profileData', 'identities.profileData.langs:de', 'identities.profileData.langs'],
    [
      'identities.profile_data.home_phone',
      'identities.profileData.homePhone:1',
      'identities.profileData.homePhone',
    ],
    ['phone_number', 'identities.profileData.phone_number:\\+49*', 'identities.profileData.phone_number'],
    ['phoneNumber', 'identities.profile_data.phoneNumber:x', 'identities.profile_data.phoneNumber'],
    [
      'https://x.io/plan',
      'identities.profileData.https\\:\\/\\/x\\.io\\/plan.a:1',
      'identities.profileData.https\\:\\/\\/x\\.io\\/plan.a',
    ],
    ['**.secret', 'identities.profileData.a.secret:x', 'identities.profileData.a.secret'],
    ['organizations', 'organization_id:org_acme', 'organization_id'],
    ['roles', 'role:editor', 'role'],
    ['roles', 'role_id:rol_editor', 'role_id'],
    ['permissions', 'permission:"read:posts"', 'permission'],
  ])('B08 a rule on %s closes %s', async (path, q, field) => {
    expect(await refusal({ q }, denying([path]))).toEqual(neverSearchable(field));
  });

  test.each(['user_metadata.\\ :x', `user_metadata.${'k'.repeat(1001)}:x`])(
    'B08 what cannot be an attribute path is closed: %s',
    async (q) => {
      expect(await refusal({ q }, {})).toMatchObject({ code: 'FIELD_NOT_SEARCHABLE', statements: 0 });
    },
  );

  test('B08 a rule on a part closes the existence of the whole', async () => {
    const answer = { ...neverSearchable('user_metadata', 9) };
    expect(await refusal({ q: '_exists_:user_metadata' }, denying(['user_metadata.ssn']))).toEqual(answer);
    expect(await find({ q: 'user_metadata.age:23' }, denying(['user_metadata.ssn']))).toBe('DE');
  });

  test('B08 a bare term does not look into denied attributes', async () => {
    expect(await find({ q: 'jane' }, {})).toBe('AF');
    expect(await find({ q: 'jane' }, denying(['name']))).toBe('A');
    expect(await find({ q: 'jane' }, denying(['name', 'nickname', 'given_name']))).toBe('');
    expect(await find({ q: 'NOT jane' }, denying(['name', 'nickname', 'given_name']))).toBe('ABCDEF');
    const all = ['name', 'given_name', 'family_name', 'nickname', 'email', 'username', 'phone_number'];
    expect(await find({ q: 'jane*' }, denying(all))).toBe('');
  });

  test('masked, or denied for some users only, is denied for a search', async () => {
    const masked = denying(['email'], { effect: 'MASK', mask: 'LAST4' });
    expect(await refusal({ q: 'email:x' }, masked)).toEqual(neverSearchable('email'));
    const partly = denying(['email'], { object: { connections: ['main'] } });
    expect(await refusal({ q: 'email:x' }, partly)).toEqual(neverSearchable('email'));
    const others = denying(['email'], { subject: { rolesAny: ['support'] } });
    expect(await find({ q: 'email.domain:other.io' }, others)).toBe('D');
  });

  test('D8 a blacklisted attribute cannot be searched, known to the gateway or not', async () => {
    expect(await refusal({ q: 'gender:male' }, listed('gender'))).toEqual(neverSearchable('gender'));
    expect(await refusal({ q: 'gender:male' }, listed('gender', 'CONNECTION'))).toEqual(
      neverSearchable('gender'),
    );
    expect(await refusal({ q: 'gender:male' }, {})).toMatchObject({ code: 'UNKNOWN_FIELD' });
    expect(await refusal({ q: 'family_name:x' }, listed('family_name'))).toEqual(
      neverSearchable('family_name'),
    );
    expect(await refusal({ q: 'family_name:x' }, listed('family_name', 'CONNECTION'))).toEqual(
      neverSearchable('family_name'),
    );
  });

  test('a suggestion names only what the caller may search', async () => {
    expect(await refusal({ q: 'emial:x' }, {})).toMatchObject({
      code: 'UNKNOWN_FIELD',
      message: 'There is no search field of this name. Did you mean email?',
      extensions: { field: 'emial', position: 0, suggestions: ['email'] },
    });
    expect(await refusal({ q: 'emial:x' }, denying(['email']))).toMatchObject({
      message: 'There is no search field of this name.',
      extensions: { suggestions: [] },
    });
  });

  test.each([
    [{ email: { eq: 'x' } }, 'filter.email.eq'],
    [{ or: [{ name: { eq: 'x' } }, { not: { email: { exists: true } } }] }, 'filter.or.1.not.email.exists'],
    [{ and: [{ emailDomain: { in: ['a', 'b'] } }] }, 'filter.and.0.emailDomain.in.0'],
    [{ metadata: [{ store: 'USER', path: 'ssn', eq: '1' }] }, 'filter.metadata.0.eq'],
    [{ metadata: [{ store: 'USER', path: 'ssn.digits', exists: true }] }, 'filter.metadata.0.exists'],
  ])('B06 B07 B09 in a typed filter %j is FORBIDDEN_ARGUMENT', async (filter, field) => {
    const answer = await refusal({ filter }, denying(['email', 'user_metadata.ssn']));
    expect(answer).toMatchObject({ code: 'FORBIDDEN_ARGUMENT', extensions: { field }, statements: 0 });
  });

  test('B10 an order by a denied attribute is FORBIDDEN_ARGUMENT, as a second key too', async () => {
    const policy = denying(['email']);
    const answer = { code: 'FORBIDDEN_ARGUMENT', extensions: { field: 'sort' }, statements: 0 };
    expect(await refusal({ sort: [{ field: 'EMAIL', direction: 'ASC' }] }, policy)).toMatchObject(answer);
    const second = [
      { field: 'NAME', direction: 'ASC' } as const,
      { field: 'EMAIL', direction: 'DESC' } as const,
    ];
    expect(await refusal({ sort: second }, policy)).toMatchObject(answer);
  });

  describe('a caller bound to an organization', () => {
    const bound = { organizationId: 'org_acme' };

    test('finds its members, and nobody else is counted', async () => {
      expect(await find({}, {}, bound)).toBe('AD');
      expect(await find({ q: 'name:*' }, {}, bound)).toBe('AD');
      expect(await find({ q: 'user_id:"samlp|corp|e5"' }, {}, bound)).toBe('');
      expect(await find({ q: 'NOT blocked:true' }, {}, bound)).toBe('A');
      expect(await find({ q: 'app_metadata.level:[1 TO 9]' }, {}, bound)).toBe('AD');
    });

    test('finds itself', async () => {
      const self = { ...bound, kind: 'user' as const, userId: 'samlp|corp|e5', subject: 'samlp|corp|e5' };
      expect(await find({ q: 'name:*' }, {}, self)).toBe('ADE');
      expect(await find({}, {}, self)).toBe('ADE');
    });

    test('finds roles of the whole deployment and permissions inside the organization', async () => {
      expect(await find({ q: 'role:editor' }, {}, bound)).toBe('A');
      expect(await find({ q: 'permission:"read:posts"' }, {}, bound)).toBe('');
      await storage.open().transaction(async (store) => {
        await store.insert(MembershipRoleEntity, {
          membershipId: 'mem_auth0|d4_org_acme',
          roleId: 'rol_viewer',
        });
        await store.insert(MembershipRoleEntity, {
          membershipId: 'mem_samlp|corp|e5_org_beta',
          roleId: 'rol_viewer',
        });
      });
      expect(await find({ q: 'permission:"read:posts"' }, {}, bound)).toBe('D');
      expect(await find({ q: 'permission:"read:posts"' }, {})).toBe('ABC');
    });

    test('does not learn of memberships elsewhere', async () => {
      const self = { ...bound, kind: 'user' as const, userId: 'samlp|corp|e5', subject: 'samlp|corp|e5' };
      expect(await find({ q: 'organization_id:org_acme' }, {}, self)).toBe('AD');
      expect(await find({ q: 'organization_id:org_beta' }, {}, self)).toBe('');
    });
  });
});

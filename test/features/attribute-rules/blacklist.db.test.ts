/**
 * @jest-environment node
 */
import type { StoredPolicySource } from '#src/features/attribute-rules/policy-source';
import { addNames, openRuled, removeNames } from '#test/features/attribute-rules/support';
import type { Gateway } from '#test/features/roles/support/gateway';
import { eachDatabase } from '#test/support/databases';

eachDatabase('blacklists', (database) => {
  let gateway: Gateway;
  let policies: StoredPolicySource;

  beforeAll(async () => {
    ({ gateway, policies } = await openRuled(database));
  });

  const added = async (input: object) =>
    (await gateway.ok(addNames, { variables: { i: input } })).addBlacklistedAttributes;
  const removed = async (input: object) =>
    (await gateway.ok(removeNames, { variables: { i: input } })).removeBlacklistedAttributes;
  const refusal = async (input: object) =>
    (await gateway.run(addNames, { variables: { i: input } })).errors[0];

  test('names are kept in one spelling, each once, in order, and taken off again', async () => {
    const change = {
      scope: 'TENANT',
      names: ['gender', 'familyName', 'family_name', 'https://acme.example/Age', 'user_metadata.ssn'],
    };
    const { names, rejected, blacklist } = await added(change);
    expect(names).toEqual(['family_name', 'gender', 'https://acme.example/Age', 'user_metadata.ssn']);
    expect(blacklist.tenant).toEqual(names);
    expect(rejected).toEqual([]);
    expect(policies.current().blacklist).toContainEqual({
      scope: 'TENANT',
      scopeId: '',
      name: 'family_name',
    });
    expect((await added(change)).names).toEqual(names);
    expect((await removed({ ...change, names: ['familyName', 'never_listed'] })).names).toEqual([
      'gender',
      'https://acme.example/Age',
      'user_metadata.ssn',
    ]);
    await removed({ scope: 'TENANT', names });
    expect(policies.current().blacklist).toEqual([]);
  });

  test.each([
    'user_id',
    'id',
    'identities',
    'created_at',
    'updatedAt',
    'blocked',
    'logins_count',
    'last_login',
    'user_metadata',
    'metadata.app',
    'email',
    'attributes',
    '**',
    'user_metadata.*',
  ])('users D5 %s cannot be listed, and does not keep others from it', async (name) => {
    const { names, rejected } = await added({ scope: 'TENANT', names: [name, 'gender'] });
    expect(rejected).toEqual([{ name, code: 'ATTRIBUTE_NOT_BLACKLISTABLE' }]);
    expect(names).toEqual(['gender']);
    await removed({ scope: 'TENANT', names: ['gender'] });
  });

  test('the login identifier stays only where a database connection is concerned', async () => {
    const { names, rejected } = await added({ scope: 'CONNECTION', scopeId: 'corp', names: ['email'] });
    expect({ names, rejected }).toEqual({ names: ['email'], rejected: [] });
    expect((await added({ scope: 'CONNECTION', scopeId: 'main', names: ['email'] })).rejected).toHaveLength(
      1,
    );
    await removed({ scope: 'CONNECTION', scopeId: 'corp', names: ['email'] });
  });

  test('scopes name what exists', async () => {
    expect(await refusal({ scope: 'TENANT', scopeId: 'main', names: ['a'] })).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'scopeId' },
    });
    for (const scope of ['CONNECTION', 'ORGANIZATION']) {
      expect(await refusal({ scope, names: ['a'] })).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(await refusal({ scope, scopeId: 'nothing', names: ['a'] })).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    }
  });

  test('a list holds 100 names of 255 characters', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `claim_${index}`);
    expect(await refusal({ scope: 'TENANT', names: [...names, 'one_more'] })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 100, current: 101 },
    });
    expect((await added({ scope: 'TENANT', names })).names).toHaveLength(100);
    expect(await refusal({ scope: 'TENANT', names: ['one_more'] })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 100, current: 101 },
    });
    await removed({ scope: 'TENANT', names });
    expect(await refusal({ scope: 'TENANT', names: ['x'.repeat(256)] })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect((await added({ scope: 'TENANT', names: ['x'.repeat(255)] })).names).toHaveLength(1);
    await removed({ scope: 'TENANT', names: ['x'.repeat(255)] });
  });

  test('the lists of tenant, connection and organization are united', async () => {
    const organizationId = await gateway.givenOrganization('listed');
    await added({ scope: 'TENANT', names: ['t'] });
    await added({ scope: 'CONNECTION', scopeId: 'con_corp', names: ['c', 't'] });
    await added({ scope: 'ORGANIZATION', scopeId: organizationId, names: ['o'] });
    const { blacklist } = await gateway.ok(
      `query($o: ID!) { blacklist { tenant connection(id: "con_corp") byName: connection(id: "corp") organization(id: $o)
        all: effective(connectionId: "con_corp", organizationId: $o) none: effective } }`,
      { variables: { o: organizationId } },
    );
    expect(blacklist).toEqual({
      tenant: ['t'],
      connection: ['c', 't'],
      byName: ['c', 't'],
      organization: ['o'],
      all: ['c', 'o', 't'],
      none: ['t'],
    });
    await removed({ scope: 'TENANT', names: ['t'] });
    await removed({ scope: 'CONNECTION', scopeId: 'corp', names: ['c', 't'] });
    await removed({ scope: 'ORGANIZATION', scopeId: organizationId, names: ['o'] });
  });

  test('without purge what is stored stays, hidden', async () => {
    const userId = await gateway.givenUser('auth0|kept', { familyName: 'Kept' });
    expect((await added({ scope: 'TENANT', names: ['family_name'], purgeExisting: false })).purgedUsers).toBe(
      0,
    );
    const read = () =>
      gateway.ok('query($id: ID!) { user(id: $id) { familyName } }', {
        variables: { id: userId },
        policy: policies.current(),
      });
    expect(await read()).toEqual({ user: { familyName: null } });
    await removed({ scope: 'TENANT', names: ['family_name'] });
    expect(await read()).toEqual({ user: { familyName: 'Kept' } });
  });

  test('one audit record for a change, with names and no value', async () => {
    const before = await gateway.count('audit_events');
    await added({ scope: 'TENANT', names: ['nickname'] });
    await removed({ scope: 'TENANT', names: ['nickname'] });
    expect(await gateway.count('audit_events')).toBe(before + 2);
  });
});

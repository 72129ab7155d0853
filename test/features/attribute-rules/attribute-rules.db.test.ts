/**
 * @jest-environment node
 */
import type { StoredPolicySource } from '#src/features/attribute-rules/policy-source';
import { openRuled } from '#test/features/attribute-rules/support';
import type { Caller, Gateway } from '#test/features/roles/support/gateway';
import { eachDatabase } from '#test/support/databases';

const save = `mutation($i: SaveAttributeRuleInput!) { saveAttributeRule(input: $i) { attributeRule {
  id name enabled version effect actions paths mask subject { rolesAny rolesNone permissionsAny principals } object { connections organizations self } } } }`;

eachDatabase('stored attribute rules', (database) => {
  let gateway: Gateway;
  let policies: StoredPolicySource;

  beforeAll(async () => {
    ({ gateway, policies } = await openRuled(database));
    await gateway.givenUser('auth0|ruled', { email: 'r@example.com', phoneNumber: '+14155550123' });
  });

  const rule = (change: object = {}) => ({
    name: 'rule',
    effect: 'DENY',
    actions: ['READ'],
    paths: ['phoneNumber'],
    ...change,
  });
  const saved = async (change: object = {}) =>
    (await gateway.ok(save, { variables: { i: rule(change) } })).saveAttributeRule.attributeRule;
  const remove = (id: string) =>
    gateway.ok('mutation($id: ID!) { deleteAttributeRule(input: { id: $id }) { deletedId } }', {
      variables: { id },
    });
  const phone = (as: Caller = {}) =>
    gateway.run('{ user(id: "auth0|ruled") { email phoneNumber } }', { as, policy: policies.current() });

  test('access 6.9/1 a rule for a role hides an attribute at the next request, and shows it again when disabled', async () => {
    const support: Caller = { permissions: ['read:users'], roles: ['support'] };
    const created = await saved({ subject: { rolesAny: ['support'] } });
    expect(created).toMatchObject({
      version: 1,
      enabled: true,
      paths: ['phone_number'],
      subject: { rolesAny: ['support'], rolesNone: null },
    });
    expect((await phone(support)).data.user).toEqual({ email: 'r@example.com', phoneNumber: null });
    expect((await phone({ permissions: ['read:users'] })).data.user.phoneNumber).toBe('+14155550123');
    const changed = await saved({
      id: created.id,
      expectedVersion: 1,
      subject: { rolesAny: ['support'] },
      enabled: false,
    });
    expect(changed).toMatchObject({ id: created.id, version: 2, enabled: false });
    expect((await phone(support)).data.user.phoneNumber).toBe('+14155550123');
    await remove(created.id);
  });

  test('access 6.9/4 a mask shows the last four characters', async () => {
    const created = await saved({ effect: 'MASK', mask: 'LAST4' });
    const { data, errors } = await phone();
    expect(errors).toEqual([]);
    expect(data.user.phoneNumber).toMatch(/0123$/);
    expect(data.user.phoneNumber).not.toContain('415');
    await remove(created.id);
    expect((await phone()).data.user.phoneNumber).toBe('+14155550123');
  });

  test('a change needs the version that was read, and an existing rule', async () => {
    const { id } = await saved();
    const refused = async (change: object) =>
      (await gateway.run(save, { variables: { i: rule(change) } })).errors[0];
    expect(await refused({ id })).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'expectedVersion' },
    });
    expect(await refused({ id, expectedVersion: 7 })).toMatchObject({
      code: 'CONFLICT',
      extensions: { current: 1 },
    });
    expect(await refused({ id: 'atr_none', expectedVersion: 1 })).toMatchObject({ code: 'NOT_FOUND' });
    await remove(id);
    expect(
      (
        await gateway.run('mutation($id: ID!) { deleteAttributeRule(input: { id: $id }) { deletedId } }', {
          variables: { id },
        })
      ).errors[0]?.code,
    ).toBe('NOT_FOUND');
  });

  test('of two changes at once one wins', async () => {
    const { id } = await saved();
    const results = await Promise.all(
      [1, 2].map((n) =>
        gateway.run(save, { variables: { i: rule({ id, expectedVersion: 1, name: `n${n}` }) } }),
      ),
    );
    expect(results.map(({ errors }) => errors[0]?.code ?? 'saved').sort()).toEqual(['CONFLICT', 'saved']);
    await remove(id);
  });

  test('every change moves the version on and writes one audit record; a refused one does neither', async () => {
    const before = { version: policies.current().version, records: await gateway.count('audit_events') };
    const { id } = await saved();
    await remove(id);
    expect(policies.current().version).toBe(before.version + 2);
    expect(await gateway.count('audit_events')).toBe(before.records + 2);
    await gateway.run(save, { variables: { i: rule({ paths: ['id'] }) } });
    await policies.refresh();
    expect(policies.current().version).toBe(before.version + 2);
  });

  test('the list needs its permission and shows disabled rules', async () => {
    const { id } = await saved({ enabled: false, object: { self: true } });
    const { attributeRules } = await gateway.ok(
      '{ attributeRules(first: 10) { totalCount nodes { id enabled object { self connections } createdBy createdAt } } }',
    );
    expect(attributeRules).toMatchObject({
      totalCount: 1,
      nodes: [{ id, enabled: false, object: { self: true, connections: null }, createdBy: 'cli' }],
    });
    const denied = await gateway.run('{ attributeRules { totalCount } blacklist { tenant } }', {
      as: { permissions: ['read:users'] },
    });
    expect(denied.data).toEqual({ attributeRules: null, blacklist: null });
    await remove(id);
  });

  test('access B37 rules are changed only with the permission and never from inside an organization', async () => {
    const without = await gateway.run(save, {
      as: { permissions: ['read:attribute_rules'] },
      variables: { i: rule() },
    });
    expect(without.errors[0]?.code).toBe('FORBIDDEN');
    expect(without.errors[0]?.message).not.toContain('organization');
    const bound = await gateway.run(save, { as: { organizationId: 'org_x' }, variables: { i: rule() } });
    expect(bound.errors[0]?.message).toContain('organization that you are signed in to');
  });
});

/**
 * @jest-environment node
 */
import { openRuled, type Ruled } from '#test/features/attribute-rules/support';
import { eachDatabase } from '#test/support/databases';

const save =
  'mutation($i: SaveAttributeRuleInput!) { saveAttributeRule(input: $i) { attributeRule { id version enabled } } }';
const switchRule =
  'mutation($i: SetAttributeRuleEnabledInput!) { setAttributeRuleEnabled(input: $i) { attributeRule { id version enabled } } }';
const remove = 'mutation($id: ID!) { deleteAttributeRule(input: { id: $id }) { deletedId } }';
const history =
  'query($id: ID!) { attributeRuleHistory(id: $id) { nodes { version change changedBy enabled paths } } }';
const exported = '{ exportAttributeRules }';
const imported =
  'mutation($i: ImportAttributeRulesInput!) { importAttributeRules(input: $i) { created changed unchanged deleted dryRun } }';

eachDatabase('changes of attribute rules', (database) => {
  let ruled: Ruled;

  beforeAll(async () => {
    ruled = await openRuled(database);
  });
  afterEach(async () => {
    for (const { id } of await rules()) await ruled.gateway.ok(remove, { variables: { id } });
  });

  const rule = (change: object = {}) => ({
    name: 'rule',
    effect: 'DENY',
    actions: ['READ'],
    paths: ['phone_number'],
    subject: { rolesAny: ['support'] },
    ...change,
  });
  const saved = async (change: object = {}) =>
    (await ruled.gateway.ok(save, { variables: { i: rule(change) } })).saveAttributeRule.attributeRule;
  const refused = async (change: object, query = save) =>
    (await ruled.gateway.run(query, { variables: { i: query === save ? rule(change) : change } })).errors[0];
  const rules = async (): Promise<{ id: string; version: number; enabled: boolean; name: string }[]> =>
    (await ruled.gateway.ok('{ attributeRules(first: 100) { nodes { id version enabled name } } }'))
      .attributeRules.nodes;
  const versionsOf = async (id: string) =>
    (await ruled.gateway.ok(history, { variables: { id } })).attributeRuleHistory.nodes;

  test('every change makes an immutable version; the history of a deleted rule stays', async () => {
    const { id } = await saved();
    await saved({ id, expectedVersion: 1, paths: ['email'] });
    await ruled.gateway.ok(switchRule, { variables: { i: { id, enabled: false, expectedVersion: 2 } } });
    const again = await ruled.gateway.ok(switchRule, { variables: { i: { id, enabled: false } } });
    expect(again.setAttributeRuleEnabled.attributeRule).toMatchObject({ version: 3, enabled: false });
    await ruled.gateway.ok(remove, { variables: { id } });
    expect(await versionsOf(id)).toEqual([
      { version: 4, change: 'DELETED', changedBy: 'cli', enabled: false, paths: ['email'] },
      { version: 3, change: 'DISABLED', changedBy: 'cli', enabled: false, paths: ['email'] },
      { version: 2, change: 'CHANGED', changedBy: 'cli', enabled: true, paths: ['email'] },
      { version: 1, change: 'CREATED', changedBy: 'cli', enabled: true, paths: ['phone_number'] },
    ]);
    const { errors } = await ruled.gateway.run(history, {
      variables: { id },
      as: { permissions: ['read:users'] },
    });
    expect(errors[0]).toMatchObject({ code: 'FORBIDDEN_FIELD' });
  });

  test('a rule is switched on and off, in force at once; of an older version CONFLICT', async () => {
    const { id } = await saved();
    expect(await refused({ id, enabled: false, expectedVersion: 9 }, switchRule)).toMatchObject({
      code: 'CONFLICT',
      extensions: { current: 1 },
    });
    await ruled.gateway.ok(switchRule, { variables: { i: { id, enabled: false } } });
    expect(ruled.policies.current().rules).toEqual([]);
    await ruled.gateway.ok(switchRule, { variables: { i: { id, enabled: true } } });
    expect(ruled.policies.current().rules).toMatchObject([{ id }]);
    expect(await refused({ id: 'atr_none', enabled: true }, switchRule)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('the list is narrowed by effect and by being in force', async () => {
    await saved({ enabled: false });
    await saved({ effect: 'MASK', mask: 'FIXED' });
    const counted = async (where: object) =>
      (
        await ruled.gateway.ok(
          'query($w: AttributeRuleWhere) { attributeRules(where: $w) { totalCount nodes { effect } } }',
          { variables: { w: where } },
        )
      ).attributeRules;
    expect(await counted({ enabled: true })).toEqual({ totalCount: 1, nodes: [{ effect: 'MASK' }] });
    expect(await counted({ effect: 'DENY' })).toEqual({ totalCount: 1, nodes: [{ effect: 'DENY' }] });
    expect((await counted({})).totalCount).toBe(2);
  });

  test('a rule outside its time window is not in force; at its moments it begins and ends', async () => {
    const { gateway, clock, policies } = ruled;
    const now = clock.at;
    const at = (offset: number) => new Date(now + offset).toISOString();
    await saved({ conditions: { notBefore: at(1000), notAfter: at(2000) } });
    const inForce = (offset: number): number => {
      clock.at = now + offset;
      return policies.current().rules.length;
    };
    expect([0, 999, 1000, 1999, 2000, 500, 1500].map(inForce)).toEqual([0, 0, 1, 1, 0, 0, 1]);
    clock.at = now + 1500;
    expect(policies.current()).toBe(policies.current());
    clock.at = now;
    const wrong = { conditions: { notBefore: at(5), notAfter: at(5) } };
    expect(await refused(wrong)).toMatchObject({ extensions: { field: 'conditions.notAfter' } });
    expect(gateway.clock.at).toBeDefined();
  });

  test('paths are checked against the schema', async () => {
    for (const path of ['phone_number.area', 'shoe_size', 'user_metadata.pl*', 'id', '']) {
      expect(await refused({ paths: [path] })).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    for (const path of ['*', '**.secret', 'phoneNumber', 'roles'])
      expect(await saved({ paths: [path] })).toMatchObject({ version: 1 });
  });

  test('an ALLOW to filter by what may not be read is an oracle, refused unless the risk is accepted', async () => {
    await saved({ paths: ['email'] });
    const open = { effect: 'ALLOW', actions: ['FILTER'], paths: ['email'] };
    expect(await refused(open)).toMatchObject({
      code: 'ORACLE_RISK',
      extensions: { field: 'acceptOracleRisk', paths: ['email'] },
    });
    expect(await saved({ ...open, acceptOracleRisk: true })).toMatchObject({ version: 1 });
    expect(await refused({ acceptOracleRisk: true })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await saved({ ...open, paths: ['name'] })).toMatchObject({ version: 1 });
    // Hiding is never refused: what the older rule opened is closed.
    expect(await saved({ paths: ['name'] })).toMatchObject({ version: 1 });
  });

  test('B37 the last policy administrator is not locked out, by no way of changing rules', async () => {
    const all = { subject: {}, actions: ['READ', 'WRITE'], paths: ['**'] };
    expect(await refused(all)).toMatchObject({ code: 'POLICY_LOCK_OUT' });
    expect(await refused({ ...all, paths: ['roles'] })).toMatchObject({ code: 'POLICY_LOCK_OUT' });
    const spared = await saved({ ...all, subject: { rolesAny: ['nobody'] } });
    expect(await refused({ ...all, id: spared.id, expectedVersion: 1 })).toMatchObject({
      code: 'POLICY_LOCK_OUT',
    });
    const off = await saved({ ...all, enabled: false });
    expect(await refused({ id: off.id, enabled: true }, switchRule)).toMatchObject({
      code: 'POLICY_LOCK_OUT',
    });
    const document = { format: 'gatehouse.attribute-rules', formatVersion: 1, rules: [{ ...rule(all) }] };
    expect(await refused({ document }, imported)).toMatchObject({ code: 'POLICY_LOCK_OUT' });
    expect(ruled.policies.current().rules.map(({ id }) => id)).toEqual([spared.id]);

    // Another administrator who is spared will do.
    const admin = 'auth0|policy-admin';
    await ruled.gateway.givenUser(admin);
    await ruled.grant(admin, 'update:attribute_rules', 'Guardian');
    expect(await saved({ ...all, subject: { rolesNone: ['Guardian'] } })).toMatchObject({ version: 1 });
  });

  test('B37 rules are changed with the permission alone, and by no caller of an organization', async () => {
    const document = { format: 'gatehouse.attribute-rules', formatVersion: 1, rules: [] };
    const attempts: [string, object][] = [
      [save, rule()],
      [switchRule, { id: 'atr_x', enabled: false }],
      [imported, { document, mode: 'REPLACE' }],
    ];
    await saved();
    for (const [query, i] of attempts) {
      const reader = await ruled.gateway.run(query, {
        variables: { i },
        as: { permissions: ['read:attribute_rules', 'read:users'] },
      });
      expect(reader.errors[0]).toMatchObject({ code: 'FORBIDDEN' });
      const bound = await ruled.gateway.run(query, { variables: { i }, as: { organizationId: 'org_1' } });
      expect(bound.errors[0]).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await rules()).toHaveLength(1);
  });

  test('a session whose sign-in is older than 15 minutes proves itself again before it changes rules', async () => {
    const user = 'auth0|tired';
    await ruled.gateway.givenUser(user);
    const as = (age: number) => ({
      userId: user,
      sessionId: 'ses_1',
      authenticatedAt: ruled.gateway.clock.at - age,
      permissions: ['update:attribute_rules'],
    });
    const attempt = async (age: number) =>
      (await ruled.gateway.run(save, { variables: { i: rule() }, as: as(age) })).errors[0]?.code ?? 'saved';
    expect(await attempt(15 * 60_000 + 1)).toBe('STEP_UP_REQUIRED');
    expect(await attempt(15 * 60_000)).toBe('saved');
  });

  describe('export and import', () => {
    const document = async () => (await ruled.gateway.ok(exported)).exportAttributeRules;
    const take = async (i: object) =>
      (await ruled.gateway.ok(imported, { variables: { i } })).importAttributeRules;

    test('an exported document brings the same rules back, with their ids and versions, and again changes nothing', async () => {
      const { id } = await saved({ paths: ['email', 'attributes.plan'], object: { self: false } });
      await saved({ id, expectedVersion: 1, denial: 'NULL_SILENT' });
      const kept = await document();
      expect(await take({ document: kept })).toMatchObject({ created: 0, changed: 0, unchanged: 1 });
      await ruled.gateway.ok(remove, { variables: { id } });
      expect(await take({ document: kept })).toMatchObject({ created: 1, changed: 0, unchanged: 0 });
      // Version 3 was the deletion: numbers are never used twice.
      expect(await rules()).toMatchObject([{ id, version: 4 }]);
      expect((await versionsOf(id))[0]).toMatchObject({ version: 4, change: 'IMPORTED' });
      const [exportedRule] = (await document()).rules;
      expect({ ...exportedRule, version: 2 }).toEqual(kept.rules[0]);
    });

    test('all or nothing: one wrong rule, and none is taken; every problem is named', async () => {
      const wrong = { ...(await document()), rules: [rule(), rule({ paths: ['shoe_size'] }), { name: 1 }] };
      const error = await refused({ document: wrong }, imported);
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'document' } });
      expect(error?.extensions['problems']).toMatchObject([{ rule: 1 }, { rule: 2 }]);
      expect(await rules()).toEqual([]);
      for (const other of [null, [], { rules: [] }, { format: 'x', formatVersion: 1, rules: [] }, 'text'])
        expect(await refused({ document: other }, imported)).toBeDefined();
    });

    test('a dry run counts and keeps nothing; REPLACE deletes what is not named', async () => {
      const { id } = await saved();
      const other = { ...(await document()), rules: [rule({ name: 'another' })] };
      const version = ruled.policies.current().version;
      expect(await take({ document: other, mode: 'REPLACE', dryRun: true })).toEqual({
        created: 1,
        changed: 0,
        unchanged: 0,
        deleted: 1,
        dryRun: true,
      });
      expect(await rules()).toMatchObject([{ id }]);
      expect(ruled.policies.current().version).toBe(version);
      expect(await take({ document: other, mode: 'REPLACE' })).toMatchObject({ created: 1, deleted: 1 });
      expect(await rules()).toMatchObject([{ name: 'another' }]);
    });
  });
});

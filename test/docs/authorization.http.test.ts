import { codeBlocks, docPage, operation } from '#test/docs/pages';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const page = docPage('docs/authorization.md');

eachDatabase('the examples of docs/authorization.md', (database) => {
  let product: TestApp;
  let administrator: string;
  let support: { readonly id: string; readonly token: string };
  let customer: string;
  let nameless: string;

  beforeAll(async () => {
    product = await startTestApp(database);
    administrator = await product.administrator();
    const roleId = await product.givenRole('Support', ['read:users']);
    const id = await product.givenUser({
      email: 'support@example.com',
      phoneNumber: '+12025550100',
      roleIds: [roleId],
    });
    support = { id, token: await product.user(id) };
    customer = await product.givenUser({ email: 'customer@example.com', phoneNumber: '+12025550123' });
    nameless = await product.givenUser({ phoneNumber: '+12025550177' });
  });
  afterAll(() => product.close());

  const asSupport = (name: string, variables: Record<string, unknown> = {}): Promise<Answer> =>
    product.ask(operation(page, name), { token: support.token, variables });
  const asAdministrator = (name: string, variables: Record<string, unknown> = {}): Promise<Answer> =>
    product.ask(operation(page, name), { token: administrator, variables });
  const explain = async (): Promise<unknown> =>
    (await asAdministrator('WhatMaySupportSee', { support: support.id, customer })).data?.['explainAccess'];
  const phoneAccess = async (): Promise<unknown> => {
    const { viewer } = (await asSupport('MyAccess')).data as {
      viewer: { fieldAccess: { field: string; read: string; filter: boolean }[] };
    };
    return viewer.fieldAccess.find(({ field }) => field === 'phoneNumber');
  };
  const phoneOf = async (): Promise<unknown> => (await asSupport('Customer', { customer })).data?.['user'];

  test('from "who may see this" to hiding, masking, showing and forgetting it', async () => {
    expect(await phoneOf()).toMatchObject({ phoneNumber: '+12025550123' });
    expect(await phoneAccess()).toMatchObject({ read: 'ALL', filter: true });
    expect(await explain()).toMatchObject({ decision: 'ALLOW', reason: 'DIRECTIVE' });

    const trial = await asAdministrator('TryIt', { support: support.id, customer });
    const { decisions } = trial.data?.['testAttributeRules'] as { decisions: { coordinate: string }[] };
    expect(decisions.filter(({ coordinate }) => coordinate.endsWith('.phoneNumber'))).toEqual([
      {
        ...{ coordinate: 'User.phoneNumber', action: 'READ', before: { decision: 'ALLOW' } },
        after: { decision: 'DENY', ruleName: 'draft' },
      },
      {
        ...{ coordinate: 'UserFilter.phoneNumber', action: 'FILTER', before: { decision: 'ALLOW' } },
        after: { decision: 'DENY', ruleName: 'draft' },
      },
    ]);
    const saved = await asAdministrator('HidePhoneNumbers');
    const { id, version } = (saved.data as unknown as Saved).saveAttributeRule.attributeRule;
    const refused = await asSupport('Customer', { customer });
    const [printed = ''] = codeBlocks(page, 'json');
    expect({ data: refused.data, errors: refused.errors }).toEqual(JSON.parse(printed));
    expect(await phoneAccess()).toMatchObject({ read: 'SOME', filter: false });
    expect(await explain()).toEqual({
      decision: 'DENY',
      reason: 'RULE',
      attribute: 'phone_number',
      ruleId: id,
      ruleName: 'Support sees no phone numbers',
    });

    const guess = await asSupport('GuessTheNumber');
    expect(guess).toMatchObject({ status: 400, errors: [{ extensions: { code: 'FORBIDDEN_ARGUMENT' } }] });
    const search = await product.ask('{ users(q: "phone_number:*") { nodes { id } } }', {
      token: support.token,
    });
    expect(search.errors).toMatchObject([{ extensions: { code: 'FIELD_NOT_SEARCHABLE' } }]);
    const own = await asSupport('Customer', { customer: support.id });
    expect(own).toMatchObject({ errors: [], data: { user: { phoneNumber: '+12025550100' } } });
    const unnamed = `{ user(id: ${JSON.stringify(nameless)}) { name nickname } }`;
    const { data } = await product.ask(unnamed, { token: support.token });
    expect(JSON.stringify(data)).not.toContain('12025550177');

    const masked = await asAdministrator('MaskPhoneNumbers', { id, version });
    expect((masked.data as unknown as Saved).saveAttributeRule.attributeRule.version).toBe(version + 1);
    const partly = await asSupport('Customer', { customer });
    expect(partly).toMatchObject({
      errors: [],
      data: { user: { phoneNumber: '***0123' } },
      extensions: { masked: ['User.phoneNumber'] },
    });

    const deleted = await asAdministrator('ShowPhoneNumbersAgain', { id });
    expect(deleted.data).toEqual({ deleteAttributeRule: { deletedId: id } });
    expect(await phoneOf()).toMatchObject({ phoneNumber: '+12025550123' });
    const history = await asAdministrator('WhatWasIt', { id });
    expect(history.data?.['attributeRuleHistory']).toMatchObject({
      nodes: [
        { version: 3, change: 'DELETED', effect: 'MASK' },
        { version: 2, change: 'CHANGED', effect: 'MASK' },
        { version: 1, change: 'CREATED', effect: 'DENY' },
      ],
    });
  });

  test('what is on the blacklist reads as if it had never existed, and is gone', async () => {
    const listed = await asAdministrator('ForgetPhoneNumbers');
    expect(listed.data).toEqual({
      addBlacklistedAttributes: { names: ['phone_number'], purgedUsers: 3, rejected: [] },
    });
    const read = await product.ask(operation(page, 'Customer'), {
      token: administrator,
      variables: { customer },
    });
    expect(read).toMatchObject({ errors: [], data: { user: { phoneNumber: null } } });
    const write = `mutation { updateUser(input: { id: "${customer}", phoneNumber: "+12025550123" }) { user { id } } }`;
    const refused = await product.ask(write, { token: administrator });
    expect(refused.data ?? null).toBeNull();
    expect(refused.errors).toMatchObject([{ extensions: { code: 'ATTRIBUTE_BLACKLISTED' } }]);
    const names = '["phone_number"]';
    const removed = `mutation { removeBlacklistedAttributes(input: { scope: TENANT, names: ${names} }) { names } }`;
    expect(await product.ask(removed, { token: administrator })).toMatchObject({ errors: [] });
    expect(await phoneOf()).toMatchObject({ phoneNumber: null });
  });

  test('a part of metadata on the blacklist is refused with a code of its own', async () => {
    const input = '{ scope: TENANT, names: ["user_metadata.ssn"] }';
    const list = (verb: string): string =>
      `mutation { ${verb}BlacklistedAttributes(input: ${input}) { names } }`;
    expect(await product.ask(list('add'), { token: administrator })).toMatchObject({ errors: [] });
    const write = `mutation { updateUserMetadata(input: { userId: "${customer}", patch: { ssn: "1", locale: "en" } }) { changedPaths } }`;
    const refused = await product.ask(write, { token: administrator });
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'ATTRIBUTE_BLACKLISTED', paths: ['user_metadata.ssn'] } },
    ]);
    expect(await product.ask(list('remove'), { token: administrator })).toMatchObject({ errors: [] });
  });
});

interface Saved {
  readonly saveAttributeRule: { readonly attributeRule: { readonly id: string; readonly version: number } };
}

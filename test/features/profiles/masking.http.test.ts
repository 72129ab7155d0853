import { eachDatabase } from '#test/support/databases';
import { startTestApp, type TestApp } from '#test/support/app';

eachDatabase('an attribute that a rule keeps from a low role', (database) => {
  let product: TestApp;

  beforeAll(async () => {
    product = await startTestApp(database);
  });
  afterAll(() => product.close());

  it('D12 is masked in the lists of an organization and of a role as in the direct query', async () => {
    const all = await product.administrator();
    const roleId = await product.givenRole('Members');
    const id = await product.givenUser({ email: 'd12@x.io', familyName: 'Hidden', roleIds: [roleId] });
    const created = await product.ask(
      'mutation { createOrganization(input: { name: "d12" }) { organization { id } } }',
      { token: all },
    );
    const { organization } = created.data?.['createOrganization'] as { organization: { id: string } };
    const joined = await product.ask(
      'mutation($i: AddOrganizationMembersInput!) { addOrganizationMembers(input: $i) { organization { id } } }',
      { token: all, variables: { i: { id: organization.id, userIds: [id] } } },
    );
    expect(joined.errors).toEqual([]);
    const ruled = await product.ask(
      `mutation { saveAttributeRule(input: { name: "d12", effect: DENY, actions: [READ], paths: ["family_name"],
        subject: { rolesNone: ["Chief"] } }) { attributeRule { id } } }`,
      { token: all },
    );
    expect(ruled.errors).toEqual([]);
    const query = `query($id: ID!, $role: ID!, $organization: ID!) {
      user(id: $id) { familyName }
      role(id: $role) { users { nodes { familyName } } }
      organization(id: $organization) { members { nodes { user { familyName } } } }
    }`;
    const variables = { id, role: roleId, organization: organization.id };
    const permissions = ['read:users', 'read:roles', 'read:organizations', 'read:organization_members'];
    const answerAs = async (roles: readonly string[]) =>
      product.ask(query, { token: await product.machine(permissions, roles), variables });
    const low = await answerAs([]);
    expect(low.data).toEqual({
      user: { familyName: null },
      role: { users: { nodes: [{ familyName: null }] } },
      organization: { members: { nodes: [{ user: { familyName: null } }] } },
    });
    expect(new Set(low.errors.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['FORBIDDEN_FIELD']),
    );
    const high = await answerAs(['Chief']);
    expect(high).toMatchObject({
      errors: [],
      data: { user: { familyName: 'Hidden' }, role: { users: { nodes: [{ familyName: 'Hidden' }] } } },
    });
  });
});

import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { sql } from '#src/storage/sql';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

type Json = ReturnType<typeof JSON.parse>;

const password = 'a long enough password';
const signIn = `mutation($i: SignInInput!) { signIn(input: $i) { session { organization { id } } user { id metadata { user } organizations { nodes { organization { name } roles { name } } } } } }`;

eachDatabase('acting inside an organization', (database) => {
  let product: TestApp;
  let administrator: string;

  beforeAll(async () => {
    product = await startTestApp(database, {
      environment: {
        GATEHOUSE_ORGANIZATIONS_NAME_IN_TOKENS: 'true',
        GATEHOUSE_ORGANIZATIONS_INVITATION_LOGIN_URL: 'https://app.example/login',
      },
    });
    administrator = await product.administrator();
  });
  afterAll(() => product.close());

  const ok = async (query: string, variables: Record<string, unknown>): Promise<Json> => {
    const { data, errors } = await product.ask(query, { token: administrator, variables });
    expect(errors).toEqual([]);
    return data;
  };
  const givenOrganization = async (name: string, userIds: readonly string[] = []): Promise<string> => {
    const create =
      'mutation($i: CreateOrganizationInput!) { createOrganization(input: $i) { organization { id } } }';
    const { id } = (await ok(create, { i: { name } })).createOrganization.organization;
    const add =
      'mutation($i: AddOrganizationMembersInput!) { addOrganizationMembers(input: $i) { organization { id } } }';
    if (userIds.length > 0) await ok(add, { i: { id, userIds } });
    return id as string;
  };
  const rename = (id: string, name: string): Promise<Json> =>
    ok('mutation($i: UpdateOrganizationInput!) { updateOrganization(input: $i) { organization { id } } }', {
      i: { id, name },
    });
  const ask = (token: string): Promise<Answer> => product.ask('{ viewer { kind } }', { token });
  const machine = (organizationId: string, organizationName?: string): Promise<string> =>
    product.app.product
      .issueToken({
        ...{ subject: 'robot', clientId: 'robot', permissions: ['read:organizations'], roles: [] },
        ...{ lifetimeSeconds: 60, organizationId, ...(organizationName ? { organizationName } : {}) },
      })
      .then(({ token }) => token);

  test('1.8-4 tokens for a deleted organization stop working on the next request, of users and of machines', async () => {
    const userId = await product.givenUser({ email: 'gone@example.com' });
    const id = await givenOrganization('gone', [userId]);
    const tokens = [await product.user(userId, id), await machine(id)];
    for (const token of tokens) expect((await ask(token)).errors).toEqual([]);
    await ok('mutation($id: ID!) { deleteOrganization(input: { id: $id }) { deletedId } }', { id });
    for (const token of tokens) {
      expect((await ask(token)).errors).toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_REVOKED' } },
      ]);
    }
    const { user } = await ok('query($id: ID!) { user(id: $id) { id } }', { id: userId });
    expect(user).toEqual({ id: userId });
  });

  test('1.8-16 a caller bound to an organization gets for another one the answer of a random id', async () => {
    const userId = await product.givenUser({ email: 'bound@example.com' });
    const [own, other] = [
      await givenOrganization('own', [userId]),
      await givenOrganization('other', [userId]),
    ];
    const token = await machine(own);
    const query = 'query($id: ID!) { organization(id: $id) { id name } }';
    const answer = async (id: string): Promise<unknown> => {
      const { data, errors, status } = await product.ask(query, { token, variables: { id } });
      return { data, errors, status };
    };
    expect(await answer(own)).toMatchObject({ data: { organization: { name: 'own' } } });
    expect(await answer(other)).toEqual(await answer('org_AAAAAAAAAAAAAAAA'));
  });

  test('1.8-17 after a rename the token with the old name is refused, and the one without a name works', async () => {
    const userId = await product.givenUser({ email: 'named@example.com' });
    const id = await givenOrganization('before', [userId]);
    const named = [await product.user(userId, id), await machine(id)];
    for (const token of named) expect((await ask(token)).errors).toEqual([]);
    await rename(id, 'after');
    for (const token of named) {
      expect((await ask(token)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    }
    await givenOrganization('before');
    for (const token of named) expect((await ask(token)).status).toBe(401);
    await rename(id, 'later');
    expect((await ask(await product.user(userId, id))).errors).toEqual([]);
  });

  test('signing in to an organization binds the session to it, and whoever may not come in is told nothing', async () => {
    const userId = await product.givenUser({ email: 'inside@example.com', password });
    const id = await givenOrganization('entered', [userId]);
    const enter = (organizationId: string): Promise<Answer> =>
      product.ask(signIn, {
        variables: { i: { identifier: 'inside@example.com', password, organizationId } },
      });
    const closed = await enter(id);
    expect(closed.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await enter('org_none')).errors).toEqual(closed.errors);
    const link =
      'mutation($i: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $i) { connectionLink { isEnabled } } }';
    await ok(link, { i: { organizationId: id, connectionId: 'con_main' } });
    const entered = await enter(id);
    expect(entered.errors).toEqual([]);
    expect((entered.data as Json).signIn.user.organizations.nodes).toMatchObject([
      { organization: { name: 'entered' } },
    ]);
    expect((entered.data as Json).signIn.session.organization).toEqual({ id });
  });

  test('a recorded sign-in makes a member where one organization takes in the users of the connection', async () => {
    const store = product.app.storage.open();
    const row = { id: 'con_joining', name: 'joining', strategy: 'samlp', displayName: null, isEnabled: true };
    await store.transaction((inside) =>
      inside.insert(ConnectionEntity, { ...row, options: {}, createdAt: 1, updatedAt: 1 }),
    );
    const id = await givenOrganization('joined');
    await ok(
      'mutation($i: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $i) { connectionLink { isEnabled } } }',
      { i: { organizationId: id, connectionId: row.id, assignMembershipOnLogin: true } },
    );
    const claims = { user_id: 'ada', email: 'ada@example.com' };
    await ok('mutation($i: RecordLoginInput!) { recordLogin(input: $i) { user { id } } }', {
      i: { connection: 'joining', claims },
    });
    const { organization } = await ok(
      'query($id: ID!) { organization(id: $id) { members { nodes { joinedVia } } } }',
      { id },
    );
    expect(organization.members.nodes).toEqual([{ joinedVia: 'SIGN_IN' }]);
  });

  test('1.8-12 an invited person signs up, signs in and has the metadata and roles of the invitation', async () => {
    const id = await givenOrganization('inviting');
    const roleId = await product.givenRole('Guest');
    const input = {
      organizationId: id,
      inviter: { name: 'Ann' },
      invitees: [{ email: 'guest@example.com' }],
      roleIds: [roleId],
      userMetadata: { language: 'fr' },
      appMetadata: { plan: 'gold' },
    };
    const invite =
      'mutation($i: InviteMembersInput!) { inviteMembers(input: $i) { invitations { ticketId } } }';
    const { ticketId } = (await ok(invite, { i: input })).inviteMembers.invitations[0];
    const [outbox] = await product.app.storage
      .open()
      .query<{ n: number }>(sql`SELECT COUNT(*) AS "n" FROM outbox_messages`, { n: 'integer' });
    expect(outbox).toEqual({ n: 1 });
    const accept =
      'mutation($i: AcceptInvitationInput!) { acceptInvitation(input: $i) { isNewUser membership { organization { name } } } }';
    const weak = await product.ask(accept, {
      variables: { i: { ticket: ticketId, signUp: { password: 'short' } } },
    });
    expect(weak.errors).toMatchObject([{ extensions: { code: 'PASSWORD_POLICY' } }]);
    const accepted = await product.ask(accept, {
      variables: { i: { ticket: ticketId, signUp: { password } } },
    });
    expect(accepted.data).toEqual({
      acceptInvitation: { isNewUser: true, membership: { organization: { name: 'inviting' } } },
    });
    const { data } = await product.ask(signIn, {
      variables: { i: { identifier: 'Guest@example.com', password } },
    });
    const { user } = (data as Json).signIn;
    expect(user).toMatchObject({
      metadata: { user: { language: 'fr' } },
      organizations: { nodes: [{ organization: { name: 'inviting' }, roles: [{ name: 'Guest' }] }] },
    });
    const stored = await ok('query($id: ID!) { user(id: $id) { emailVerified metadata { app } } }', {
      id: user.id,
    });
    expect(stored.user).toEqual({ emailVerified: true, metadata: { app: { plan: 'gold' } } });
  });
});

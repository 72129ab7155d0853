import { sql } from '#src/storage/sql';
import {
  password,
  type FactorScene,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';

const updateProfile = `mutation ($input: UpdateMyProfileInput!) {
  updateMyProfile(input: $input) { user { name givenName nickname metadata { user } } } }`;
const day = 24 * 3_600_000;

/** What people see and change of their own account. */
export function ownAccountCases(opened: () => FactorScene): void {
  let scene: FactorScene;
  let ada: Person;

  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('ada', {
      name: 'Ada',
      userMetadata: { theme: 'dark' },
      appMetadata: { plan: 'gold' },
    });
    await ada.signIn();
  });

  const partOf = (id: string): string => id.slice('auth0|'.length);
  const stored = (): Promise<Json[]> =>
    scene.rows(
      sql`SELECT u.name AS "name", u.blocked AS "blocked", u.email_verified AS "verified", m.user_json AS "user", m.app_json AS "app"
        FROM users u JOIN user_metadata m ON m.user_id = u.id WHERE u.id = ${ada.id}`,
      { name: 'text', blocked: 'boolean', verified: 'boolean', user: 'text', app: 'text' },
    );

  it('shows the caller to the caller, and nothing to a machine', async () => {
    const query = `{ myAccount { user { email } deletionScheduledAt factors { type usage enrolled }
      authenticationMethods { type usage } sessions { nodes { current } } organizations { nodes { joinedAt } }
      permissions { nodes { name } } identities { provider } } }`;
    const { data, codes } = await ada.ask(query);
    expect(codes).toEqual([]);
    expect(data.myAccount).toMatchObject({
      user: { email: ada.email },
      deletionScheduledAt: null,
      authenticationMethods: [{ type: 'PASSWORD', usage: ['PRIMARY'] }],
      sessions: { nodes: [{ current: true }] },
      organizations: { nodes: [] },
      permissions: { nodes: [] },
      identities: [{ provider: 'auth0' }],
    });
    expect(data.myAccount.factors).toHaveLength(5);
    const token = await scene.app.administrator();
    expect((await scene.app.ask('{ myAccount { user { id } } }', { token })).data).toEqual({
      myAccount: null,
    });
  });

  it('changes profile and user_metadata in one step', async () => {
    const input = { givenName: 'Ada', nickname: 'countess', userMetadata: { lang: 'en' } };
    const { data, codes } = await ada.ask(updateProfile, { input });
    expect(codes).toEqual([]);
    expect(data.updateMyProfile.user).toMatchObject({
      givenName: 'Ada',
      nickname: 'countess',
      metadata: { user: { theme: 'dark', lang: 'en' } },
    });
  });

  it.each<readonly [string, object]>([
    ['app_metadata', { appMetadata: { plan: 'platinum' } }],
    ['blocked', { blocked: false }],
    ['email_verified', { emailVerified: true }],
    ['user_id', { userId: 'auth0|other' }],
    ['roles', { roles: ['rol_0000000000000000'] }],
    ['an explicit null', { appMetadata: null }],
  ])('5.4 case 6: refuses %s with FORBIDDEN_ARGUMENT, and writes nothing', async (_what, denied) => {
    const before = await stored();
    const { codes } = await ada.ask(updateProfile, { input: { name: 'Changed', ...denied } });
    expect(codes).toEqual(['FORBIDDEN_ARGUMENT']);
    expect(await stored()).toEqual(before);
  });

  it('5.4 case 6: refuses what a stored rule denies, and writes nothing', async () => {
    const saved = await scene.app.ask(
      `mutation { saveAttributeRule(input: { name: "locked ", effect: DENY, actions: [WRITE],
        paths: ["user_metadata.locked"] }) { attributeRule { id } } }`,
      { token: await scene.app.administrator() },
    );
    expect(saved.errors).toEqual([]);
    const before = await stored();
    const { codes } = await ada.ask(updateProfile, {
      input: { name: 'Changed', userMetadata: { locked: 1 } },
    });
    expect(codes).toEqual(['FORBIDDEN_ARGUMENT']);
    expect(await stored()).toEqual(before);
  });

  it('exports what the caller may read, and no secret', async () => {
    const { seed } = await ada.enrollTotp(scene.clock.now());
    const { data, codes } = await ada.ask('mutation { createMyDataExport { createdAt content } }');
    expect(codes).toEqual([]);
    const { content } = data.createMyDataExport;
    expect(content).toMatchObject({
      profile: { user_id: ada.id, email: ada.email, name: 'Ada' },
      userMetadata: { theme: 'dark' },
      identities: [{ connection: 'main', provider: 'auth0', userId: partOf(ada.id) }],
      authenticationMethods: [{ type: 'TOTP', name: 'Phone' }],
      sessions: [{ status: 'ACTIVE', device: { initialUserAgent: 'Test Browser' } }],
      organizations: [],
    });
    expect(content).not.toHaveProperty('appMetadata');
    expect(JSON.stringify(content)).not.toMatch(new RegExp(`${seed}|argon2`));
    await scene.pass(901_000);
    expect((await ada.ask('mutation { createMyDataExport { createdAt } }')).codes).toEqual([
      'STEP_UP_REQUIRED',
    ]);
  });

  it('5.5.10 a change of metadata by somebody who acts in the name of the user is recorded with both', async () => {
    const { app } = scene;
    const helper = await scene.person('helper');
    const roleIds = [await app.givenRole(`helper ${helper.id}`, ['impersonate:users', 'read:users'])];
    await app.app.product.roles.assignments.addRoles(app.call(), { id: helper.id, roleIds });
    await helper.signIn();
    await helper.enrollTotp(scene.clock.now());
    const token = await app.administrator();
    const made = await app.ask(
      'mutation { createApplication(input: { name: "Help", type: SINGLE_PAGE, allowDelegatedAccess: true }) { application { id } } }',
      { token },
    );
    const clientId = (made.data as Json).createApplication.application.id;
    const begun = await helper.ask(
      'mutation ($input: StartImpersonationInput!) { startImpersonation(input: $input) { token } }',
      { input: { userId: ada.id, clientId, reason: 'Ticket 7' } },
    );
    const input = { token: begun.data.startImpersonation.token };
    await helper.ask(
      'mutation ($input: RedeemImpersonationInput!) { redeemImpersonation(input: $input) { session { id } } }',
      { input },
    );
    const change = await helper.ask(
      'mutation { updateMyMetadata(input: { patch: { theme: "light" } }) { metadata { user } } }',
    );
    expect(change.data).toEqual({ updateMyMetadata: { metadata: { user: { theme: 'light' } } } });
    expect((await helper.ask(updateProfile, { input: { name: 'Other' } })).codes).toEqual([
      'DELEGATED_SESSION_FORBIDDEN',
    ]);
    const events = await app.ask(
      `{ auditEvents(first: 50, targetId: "${ada.id}") { nodes { action actorId details } } }`,
      { token },
    );
    const { nodes } = (events.data as Json).auditEvents;
    expect(nodes).toContainEqual({
      ...{ action: 'user_metadata.update', actorId: helper.id },
      details: expect.objectContaining({ onBehalfOf: ada.id }),
    });
  });

  it('ends the caller’s other sessions', async () => {
    const other = ada.elsewhere();
    await other.signIn();
    const end =
      'mutation ($input: RevokeMySessionsInput!) { revokeMySessions(input: $input) { revokedCount } }';
    const { data } = await ada.ask(end, { input: {} });
    expect(data).toEqual({ revokeMySessions: { revokedCount: 1 } });
    expect((await other.ask('{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ada.ask('{ me { id } }')).codes).toEqual([]);
  });

  describe('deleting the account', () => {
    const remove = 'mutation { deleteMe { userId deleteAt } }';

    it('ends every session, and happens after fourteen days', async () => {
      await scene.pass(901_000);
      expect((await ada.ask(remove)).codes).toEqual(['STEP_UP_REQUIRED']);
      await ada.stepUp({ password });
      const { data } = await ada.ask(remove);
      expect(Date.parse(data.deleteMe.deleteAt)).toBe(scene.clock.now() + 14 * day);
      expect((await ada.ask('{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
      expect((await scene.mails(ada.email)).at(-1)).toBe('account-deletion-requested');
      await scene.pass(14 * day - 1_000);
      await scene.app.app.jobs.runUntilIdle();
      expect(await ada.signIn()).toMatchObject({ __typename: 'LoggedIn' });
      await scene.pass(1_000);
      await scene.app.app.jobs.runUntilIdle();
      expect((await ada.ask('{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
      expect(await ada.signIn()).toEqual(['INVALID_CREDENTIALS']);
    });

    it('can be taken back by signing in again', async () => {
      await ada.ask(remove);
      await ada.signIn();
      const scheduled = await ada.ask('{ myAccount { deletionScheduledAt } }');
      expect(scheduled.data.myAccount.deletionScheduledAt).not.toBeNull();
      const cancel = 'mutation { cancelMyDeletion { user { id } } }';
      expect((await ada.ask(cancel)).data).toEqual({ cancelMyDeletion: { user: { id: ada.id } } });
      expect((await ada.ask(cancel)).codes).toEqual(['NOT_FOUND']);
      await scene.pass(15 * day);
      await scene.app.app.jobs.runUntilIdle();
      expect(await ada.signIn()).toMatchObject({ __typename: 'LoggedIn' });
    });
  });
}

import { SessionEntity } from '#src/features/sessions/session.entity';
import { issuer, type ProviderScene } from './provider-word.http.test';

const tokensOf = (id: string) =>
  `{ user(id: "${id}") { email identities { connection accessToken refreshToken } } }`;

/** Tokens of providers: kept where a connection wants it, read by whoever may, gone with the identity. */
export function tokenCases(current: () => ProviderScene): void {
  const keepingChange =
    'mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { connection { id } } }';

  it('P12 keeps tokens sealed, for whoever may read them alone', async () => {
    const { app, hostile, signIn, query } = current();
    hostile.tokens = { access_token: 'first-access', refresh_token: 'first-refresh' };
    await signIn({ sub: 'tina', email: 'tina@corp.example' }, 'keeping');
    hostile.tokens = { access_token: 'next-access' };
    await signIn({ sub: 'tina', email: 'tina@corp.example' }, 'keeping');
    // Some providers give a refresh token once.
    expect(await query(tokensOf('oidc|keeping|tina'))).toEqual({
      user: {
        email: 'tina@corp.example',
        identities: [{ connection: 'keeping', accessToken: 'next-access', refreshToken: 'first-refresh' }],
      },
    });
    const { data, errors } = await app.ask(tokensOf('oidc|keeping|tina'), {
      token: await app.machine(['read:users']),
    });
    expect(data).toEqual({
      user: {
        email: 'tina@corp.example',
        identities: [{ connection: 'keeping', accessToken: null, refreshToken: null }],
      },
    });
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ['accessToken', 'FORBIDDEN_FIELD'],
      ['refreshToken', 'FORBIDDEN_FIELD'],
    ]);
    const rows = await storedTokens(current());
    expect(rows).toHaveLength(1);
    const elsewhere = await query(
      '{ auditEvents(first: 50) { nodes { action details changedPaths } } users(q: "tina") { nodes { id attributes identities { profileData } } } }',
    );
    expect(JSON.stringify([rows, elsewhere])).not.toMatch(/(first|next)-(access|refresh)/);
    // A connection that keeps none.
    hostile.tokens = { access_token: 'first-access', refresh_token: 'first-refresh' };
    await signIn({ sub: 'tom' });
    expect(JSON.stringify(await query(tokensOf('oidc|hostile|tom')))).not.toContain('access"');
  });

  it('5.4 shows none to who acts in the name of the user, whatever both may read', async () => {
    const { app, hostile, signIn } = current();
    const rights = ['impersonate:users', 'impersonate:admins', 'read:user_idp_tokens'];
    const roleIds = [await app.givenRole('reads tokens', rights)];
    hostile.tokens = { access_token: 'mia-access' };
    const enter = async (sub: string) => {
      const { browser } = await signIn({ sub }, 'keeping');
      await app.app.product.roles.assignments.addRoles(app.call(), { id: `oidc|keeping|${sub}`, roleIds });
      const cookie = `gid_session=${browser.cookie(issuer, 'gid_session') ?? ''}`;
      const headers = { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' };
      const { data } = await app.ask('{ currentSession { id } }', { headers });
      return { headers, sessionId: (data?.['currentSession'] as { id: string }).id };
    };
    const [mia, max] = [await enter('mia'), await enter('max')];
    const read = async () => {
      const { data, errors } = await app.ask('{ me { identities { accessToken } } }', mia);
      return [data?.['me'], errors.map(({ extensions }) => extensions.code)];
    };
    expect(await read()).toEqual([{ identities: [{ accessToken: 'mia-access' }] }, []]);
    const actor = { userId: 'oidc|keeping|max', sessionId: max.sessionId, reason: 'help', startedAt: 0 };
    await app.app.storage
      .open()
      .transaction((store) => store.update(SessionEntity, { id: mia.sessionId }, { actor }));
    expect(await read()).toEqual([{ identities: [{ accessToken: null }] }, ['DELEGATED_SESSION_FORBIDDEN']]);
  });

  it('forgets tokens when the identity is unlinked, the user is deleted, or the connection keeps none any more', async () => {
    const scene = current();
    const { app, hostile, signIn, mutate, query } = scene;
    hostile.tokens = { access_token: 'linked-access' };
    await signIn({ sub: 'lena' }, 'keeping');
    const owner = await app.givenUser({ email: 'owner@corp.example' });
    await mutate('mutation ($input: LinkIdentityInput!) { linkIdentity(input: $input) { user { id } } }', {
      input: { userId: owner, secondaryUserId: 'oidc|keeping|lena' },
    });
    expect(JSON.stringify(await query(tokensOf(owner)))).toContain('linked-access');
    await mutate(
      'mutation ($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) { user { id } } }',
      {
        input: { userId: owner, provider: 'oidc', providerUserId: 'keeping|lena' },
      },
    );
    expect(JSON.stringify(await query(tokensOf('oidc|keeping|lena')))).not.toContain('linked-access');
    await signIn({ sub: 'lena' }, 'keeping');
    const before = (await storedTokens(scene)).length;
    await mutate('mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { deletedId } }', {
      input: { id: 'oidc|keeping|lena' },
    });
    expect(await storedTokens(scene)).toHaveLength(before - 1);
    const id = await scene.connectionId('keeping');
    await mutate(keepingChange, { input: { id, oauth: { storeTokens: false } } });
    expect(await storedTokens(scene)).toEqual([]);
    await mutate(keepingChange, { input: { id, oauth: { storeTokens: true } } });
  });
}

async function storedTokens({ app }: ProviderScene): Promise<object[]> {
  const { sql } = await import('#src/storage/sql');
  return app.app.storage
    .open()
    .query(sql`SELECT identity_id AS "id", sealed_tokens AS "sealed" FROM identity_tokens`, {
      id: 'text',
      sealed: 'text',
    });
}

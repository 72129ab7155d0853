import { sql } from '#src/storage/sql';
import { codeAt } from '#test/features/factors/support/code-at';
import {
  password,
  type FactorScene,
  type Json,
  type Person,
  type Told,
} from '#test/features/factors/support/factor-scene';

const linkAccount = `mutation ($input: LinkMyAccountInput!) { linkMyAccount(input: $input) { result { __typename
  ... on AccountLinked { linkedUserId } ... on LinkProofRequired { linkToken factors } }
  user { id identities { provider userId isPrimary } metadata { user } } } }`;
const completeLink = `mutation ($input: CompleteAccountLinkInput!) {
  completeAccountLink(input: $input) { linkedUserId user { identities { userId } } } }`;
const unlink = `mutation ($input: UnlinkMyIdentityInput!) {
  unlinkMyIdentity(input: $input) { separatedUserId user { identities { userId } } } }`;

/** Two accounts of one person. */
export function linkingCases(opened: () => FactorScene): void {
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

  let other: Person;
  beforeEach(async () => {
    other = await scene.person(`other`, {
      userMetadata: { theme: 'light', lang: 'en' },
      appMetadata: { roles: ['admin'] },
    });
  });
  const link = (more: object = {}): Promise<Told> =>
    ada.ask(linkAccount, { input: { identifier: other.email, password, ...more } });

  it('4.6-6 the other’s sessions and refresh tokens end, and nothing that applications trust comes along', async () => {
    const made = await scene.app.ask(
      'mutation { createApplication(input: { name: "Of the other", type: NATIVE }) { application { id } } }',
      { token: await scene.app.administrator() },
    );
    const clientId = (made.data as Json).createApplication.application.id;
    const given = await other.ask(
      'mutation ($input: SignInInput!) { signIn(input: $input) { result { ... on LoggedIn { tokens { refreshToken } } } } }',
      { input: { identifier: other.email, password, clientId, tokens: 'OFFLINE' } },
    );
    const { refreshToken } = given.data.signIn.result.tokens;
    await other.signIn();
    const { data, codes } = await link({ mergeMetadata: true });
    expect(codes).toEqual([]);
    expect(data.linkMyAccount).toMatchObject({
      result: { __typename: 'AccountLinked', linkedUserId: other.id },
      user: { id: ada.id, metadata: { user: { theme: 'dark', lang: 'en' } } },
    });
    expect(data.linkMyAccount.user.identities.map(({ userId }: Json) => userId)).toEqual([
      partOf(ada.id),
      partOf(other.id),
    ]);
    expect((await other.ask('{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    const exchanged = await other
      .elsewhere()
      .ask(
        'mutation ($input: ExchangeRefreshTokenInput!) { exchangeRefreshToken(input: $input) { accessToken } }',
        { input: { refreshToken, clientId } },
      );
    expect(exchanged.codes).toEqual(['INVALID_GRANT']);
    expect((await stored())[0].app).not.toContain('admin');
    expect((await scene.mails(ada.email)).at(-1)).toBe('account-linked');
  });

  it('drops the other’s metadata unless told otherwise', async () => {
    const { data } = await link();
    expect(data.linkMyAccount.user.metadata.user).toEqual({ theme: 'dark' });
  });

  it('needs the other’s password, and a recent sign-in to this account', async () => {
    expect((await link({ password: 'wrong wrong wrong' })).codes).toEqual(['INVALID_CREDENTIALS']);
    await scene.pass(901_000);
    expect((await link()).codes).toEqual(['STEP_UP_REQUIRED']);
  });

  it('needs the other’s second factor too, in the session that began the link', async () => {
    await other.signIn();
    const { seed } = await other.enrollTotp(scene.clock.now());
    await scene.pass(30_000);
    const { data } = await link();
    const { __typename, linkToken, factors } = data.linkMyAccount.result;
    expect([__typename, factors]).toEqual(['LinkProofRequired', ['TOTP']]);
    const proof = (): Record<string, unknown> => ({
      input: { linkToken, proof: { otpCode: codeAt(seed, scene.clock.now()) } },
    });
    const elsewhere = ada.elsewhere();
    await elsewhere.signIn();
    expect((await elsewhere.ask(completeLink, proof())).codes).toEqual(['LINK_CONFLICT']);
    const wrong = { input: { linkToken, proof: { otpCode: '000000' } } };
    expect((await ada.ask(completeLink, wrong)).codes).toEqual(['INVALID_CREDENTIALS']);
    expect((await ada.ask(completeLink, proof())).data.completeAccountLink.linkedUserId).toBe(other.id);
    expect((await ada.ask(completeLink, proof())).codes).toEqual(['LINK_CONFLICT']);
  });

  it('4.6-3 is refused when this session ended in between', async () => {
    await other.signIn();
    const { seed } = await other.enrollTotp(scene.clock.now());
    await scene.pass(30_000);
    const { linkToken } = (await link()).data.linkMyAccount.result;
    await ada.ask('mutation { signOut { session { id } } }');
    await ada.signIn();
    const proof = { input: { linkToken, proof: { otpCode: codeAt(seed, scene.clock.now()) } } };
    expect((await ada.ask(completeLink, proof)).codes).toEqual(['LINK_CONFLICT']);
    expect(await other.signIn()).toMatchObject({ __typename: 'MfaChallenge' });
  });

  it('4.6-4 an account that owns others is refused, and nothing is said of its owner', async () => {
    const third = await scene.person(`third`);
    await other.signIn();
    await other.ask(linkAccount, { input: { identifier: third.email, password } });
    const { codes, errors } = await link();
    expect(codes).toEqual(['LINK_CONFLICT']);
    expect(JSON.stringify(errors)).not.toContain(partOf(other.id));
    const own = await ada.ask(linkAccount, { input: { identifier: ada.email, password } });
    expect(own.codes).toEqual(['LINK_CONFLICT']);
  });

  it('a blocked account is answered like a wrong password', async () => {
    await scene.app.ask('mutation ($input: BlockUserInput!) { blockUser(input: $input) { user { id } } }', {
      token: await scene.app.machine(['read:users', 'update:users']),
      variables: { input: { id: other.id } },
    });
    expect((await link()).codes).toEqual(['INVALID_CREDENTIALS']);
  });

  it('4.6-5 the primary and the last identity stay', async () => {
    const primary = { input: { provider: 'auth0', userId: partOf(ada.id) } };
    expect((await ada.ask(unlink, primary)).codes).toEqual(['LAST_IDENTITY']);
    await link();
    expect((await ada.ask(unlink, primary)).codes).toEqual(['LAST_IDENTITY']);
    const foreign = { input: { provider: 'auth0', userId: 'nobody' } };
    expect((await ada.ask(unlink, foreign)).codes).toEqual(['NOT_FOUND']);
  });

  it('4.6-7 what is unlinked becomes a new user without metadata', async () => {
    await link();
    const { data, codes } = await ada.ask(unlink, {
      input: { provider: 'auth0', userId: partOf(other.id) },
    });
    expect(codes).toEqual([]);
    expect(data.unlinkMyIdentity).toEqual({
      separatedUserId: other.id,
      user: { identities: [{ userId: partOf(ada.id) }] },
    });
    await scene.setPassword(other.id, password);
    await other.signIn();
    const me = await other.ask('{ me { id metadata { user } multifactor } }');
    expect(me.data.me).toEqual({ id: other.id, metadata: { user: {} }, multifactor: [] });
    expect((await ada.ask('{ me { id } }')).codes).toEqual([]);
  });

  it('what is discarded is gone', async () => {
    await link();
    const input = { provider: 'auth0', userId: partOf(other.id), discard: true };
    expect((await ada.ask(unlink, { input })).data.unlinkMyIdentity.separatedUserId).toBeNull();
    const found = await scene.rows(sql`SELECT u.id AS "id" FROM users u WHERE u.id = ${other.id}`, {
      id: 'text',
    });
    expect(found).toEqual([]);
  });

  it('4.6-9 suggests accounts with the same address, verified on both sides, masked', async () => {
    const token = await scene.app.administrator();
    const create = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`;
    for (const [connection, emailVerified] of [
      [`google`, true],
      [`hub`, false],
    ] as const) {
      await scene.app.app.storage.open().transaction(async (store) => {
        const on = scene.isEmbedded ? 1 : true;
        await store.execute(sql`INSERT INTO connections (id, name, strategy, is_enabled, options, created_at, updated_at)
            SELECT ${`con_${connection}`}, ${connection}, 'google-oauth2', ${on}, c.options, c.created_at, c.updated_at FROM connections c WHERE c.name = 'main'`);
      });
      const input = { connection, userId: `${connection}u`, email: ada.email.toUpperCase(), emailVerified };
      const made = await scene.app.ask(create, { token, variables: { input } });
      expect(made.errors).toEqual([]);
    }
    const { data } = await ada.ask('{ myAccount { linkSuggestions { connection maskedEmail } } }');
    expect(data.myAccount.linkSuggestions).toEqual([
      { connection: `google`, maskedEmail: expect.stringMatching(/^A…@/) },
    ]);
    const eve = await scene.person(`eve`, { emailVerified: false });
    await eve.signIn();
    expect(
      (await eve.ask('{ myAccount { linkSuggestions { connection } } }')).data.myAccount.linkSuggestions,
    ).toEqual([]);
  });
}

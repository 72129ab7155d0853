import { sql } from '#src/storage/sql';
import { codeAt } from '#test/features/factors/support/code-at';
import { issuer, password, type Json, type Person } from '#test/features/factors/support/factor-scene';
import { home } from '#test/features/login-pages/support/login-scene';
import { answerOf, type LinkingScene } from './linking-scene';

/** Account pre-hijacking (Sudhodanan and Paverd 2022): what somebody prepared who made an account with the victim's address. */
export function reclaimCases(opened: () => LinkingScene): void {
  let scene: LinkingScene;
  /** Whoever made the account; the address is somebody else's. */
  let mallory: Person;
  let count = 0;
  const sub = () => `victim${(count += 1)}`;
  /** Nothing can be linked to an address that nobody has proved; accounts of before, or of administrators, may have been. */
  const prove = ({ id }: Person, isProven: boolean) =>
    scene.app.app.platform.storage
      .open()
      .transaction((store) =>
        store.execute(
          sql`UPDATE users SET email_verified = ${isProven ? sql`TRUE` : sql`FALSE`} WHERE id = ${id}`,
        ),
      );
  beforeEach(async () => {
    scene = opened();
    mallory = await scene.person('victim', {
      emailVerified: false,
      name: 'Mallory',
      userMetadata: { planted: 1 },
    });
  });

  const reclaimed = async (connection = 'auto') => {
    const visitor = await scene.arrive(connection, { sub: sub(), email: mallory.email });
    expect(visitor.title).toBe('Your address is in use');
    // So that the code is the newest of the messages.
    await scene.pass(1_000);
    await visitor.send('link-mail');
    expect(visitor.visit.body).toContain('Look into your mail');
    await visitor.send('link-reclaim', { code: await scene.code(mallory.email) });
    expect([visitor.problem, visitor.visit.url]).toEqual([null, home]);
    return visitor;
  };
  const me = async (person: Person) => (await person.ask('{ me { id } }')).data?.me ?? null;

  it.each(['auto', 'ask'])(
    '4.6-1 PWD-13 links nothing silently to an unverified account (%s), and after a reclaim the old password fails',
    async (connection) => {
      const asked = await scene.arrive(connection, { sub: sub(), email: mallory.email });
      expect([asked.title, asked.session]).toEqual(['Your address is in use', undefined]);
      expect(await scene.identities(mallory.id)).toEqual(['main']);
      const victim = await reclaimed(connection);
      expect(await scene.me(victim)).toMatchObject({ me: { id: mallory.id } });
      expect(await scene.identities(mallory.id)).toEqual(['main', connection]);
      expect(await mallory.signIn()).toEqual(['INVALID_CREDENTIALS']);
      const { user, auditEvents } = await scene.admin(
        'query ($id: ID!) { user(id: $id) { email emailVerified metadata { user app } } auditEvents(first: 30) { nodes { action targetId } } }',
        { id: mallory.id },
      );
      expect(user).toEqual({ email: mallory.email, emailVerified: true, metadata: { user: {}, app: {} } });
      expect(auditEvents.nodes).toContainEqual({ action: 'user.reclaim', targetId: mallory.id });
      expect((await scene.me(victim)).me.name).not.toBe('Mallory');
      // The one who has the mailbox may choose a password again.
      await scene.setPassword(mallory.id, 'another good password');
      expect(
        (await scene.arrive(connection, { sub: `victim${count}`, email: mallory.email })).visit.url,
      ).toBe(home);
    },
  );

  it('is declined by whoever wants to begin anew, and leaves the account as it is', async () => {
    const visitor = await scene.arrive('auto', { sub: sub(), email: mallory.email });
    await visitor.send('link-decline');
    expect((await scene.me(visitor)).me.id).toMatch(/^oidc\|auto\|victim/);
    expect(await scene.identities(mallory.id)).toEqual(['main']);
    expect((await mallory.signIn()).__typename).toBe('LoggedIn');
  });

  it('takes five wrong codes, and none of another prompt', async () => {
    const visitor = await scene.arrive('auto', { sub: sub(), email: mallory.email });
    await visitor.send('link-mail');
    const code = await scene.code(mallory.email);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let tries = 0; tries < 5; tries += 1) await visitor.send('link-reclaim', { code: wrong });
    await visitor.send('link-reclaim', { code });
    expect([visitor.session, await scene.identities(mallory.id)]).toEqual([undefined, ['main']]);
    expect((await mallory.signIn()).__typename).toBe('LoggedIn');
  });

  it('does not empty an account whose address was verified meanwhile', async () => {
    const visitor = await scene.arrive('auto', { sub: sub(), email: mallory.email });
    await visitor.send('link-mail');
    const code = await scene.code(mallory.email);
    await scene.admin(
      'mutation ($id: ID!) { updateUser(input: { id: $id, emailVerified: true }) { user { id } } }',
      { id: mallory.id },
    );
    await visitor.send('link-reclaim', { code });
    expect([visitor.session, await scene.identities(mallory.id)]).toEqual([undefined, ['main']]);
    expect((await mallory.signIn()).__typename).toBe('LoggedIn');
  });

  // One row for each attack of 4.5: what the attacker prepares, and how he tries to come back after the owner of the address has come.
  const attacks: readonly [string, (attacker: Person) => Promise<() => Promise<unknown>>][] = [
    ['classic–federated merge: a password', async (attacker) => () => attacker.elsewhere().signIn()],
    [
      'unexpired session',
      async (attacker) => {
        await attacker.signIn();
        return () => me(attacker);
      },
    ],
    [
      'unexpired session: a refresh token',
      async (attacker) => {
        const native = await scene.addApplication({ name: `Native ${count}`, type: 'NATIVE' });
        const { data } = await attacker.ask(
          'mutation ($input: SignInInput!) { signIn(input: $input) { result { ... on LoggedIn { tokens { refreshToken } } } } }',
          { input: { identifier: attacker.email, password, clientId: native, tokens: 'OFFLINE' } },
        );
        const { refreshToken } = data.signIn.result.tokens;
        return async () =>
          (
            await attacker
              .elsewhere()
              .ask(
                'mutation ($input: ExchangeRefreshTokenInput!) { exchangeRefreshToken(input: $input) { accessToken } }',
                { input: { refreshToken, clientId: native } },
              )
          ).codes;
      },
    ],
    [
      'trojan identifier: an account of his own that was linked first',
      async (attacker) => {
        const own = await scene.person('mallory');
        await attacker.signIn();
        await prove(attacker, true);
        await attacker.ask(
          'mutation ($input: LinkMyAccountInput!) { linkMyAccount(input: $input) { result { __typename } } }',
          { input: { identifier: own.email, password } },
        );
        await prove(attacker, false);
        return async () => [await own.signIn(), await scene.identities(attacker.id)];
      },
    ],
    [
      'trojan identifier: an identity at a provider that was linked first',
      async (attacker) => {
        const account = { sub: sub(), email: 'mallory@else.example' };
        await attacker.signIn();
        const browser = await scene.visitor().open(scene.page());
        await prove(attacker, true);
        attacker.cookies.set('gid_txn', browser.browser.cookie(issuer, 'gid_txn') ?? '');
        const { data } = await attacker.ask(
          'mutation ($input: BeginLinkInput!) { beginLink(input: $input) { url } }',
          { input: { connection: 'unknown', clientId: scene.clientId } },
        );
        scene.provider.account = account;
        await browser.open(data.beginLink.url);
        expect(await scene.identities(attacker.id)).toEqual(['main', 'unknown']);
        await prove(attacker, false);
        return async () => {
          const back = await scene.arrive('unknown', account);
          return (await scene.me(back)).me.id === attacker.id ? 'IN' : null;
        };
      },
    ],
    [
      'unexpired e-mail change',
      async (attacker) => {
        const to = `new-${attacker.email}`;
        await attacker.signIn();
        await attacker.ask(
          'mutation ($input: RequestEmailChangeInput!) { requestEmailChange(input: $input) { isAccepted } }',
          { input: { newEmail: to } },
        );
        const link = /http:\S+\/tickets\/change-email\/\S+/.exec((await scene.mail(to)).text)?.[0] ?? '';
        return async () => (await scene.visitor().press(link)).visit.status;
      },
    ],
    [
      'a second factor, and a deletion under way',
      async (attacker) => {
        await attacker.signIn();
        const { seed } = await attacker.enrollTotp(scene.clock.time);
        await attacker.ask('mutation { deleteMe { deleteAt } }');
        return async () => {
          const rows = await scene.rows(
            sql`SELECT user_id AS "id" FROM account_deletions WHERE user_id = ${attacker.id}
              UNION ALL SELECT user_id AS "id" FROM authentication_methods WHERE user_id = ${attacker.id}`,
            { id: 'text' },
          );
          return [rows, codeAt(seed, scene.clock.time).length];
        };
      },
    ],
  ];
  const refused: readonly unknown[] = [
    ['INVALID_CREDENTIALS'],
    null,
    ['INVALID_GRANT'],
    [['INVALID_CREDENTIALS'], ['main', 'auto']],
    null,
    410,
    [[], 6],
  ];

  it.each(attacks.map(([name, prepare], index) => [name, prepare, refused[index]] as const))(
    '4.5 %s is worth nothing after the reclaim',
    async (_name, prepare, answer) => {
      const comeBack = await prepare(mallory);
      const victim = await reclaimed();
      expect((await scene.me(victim)).me.id).toBe(mallory.id);
      expect(await comeBack()).toEqual(answer);
      expect((await scene.me(victim)).me.id).toBe(mallory.id);
    },
  );

  it('is offered to applications too, by mail alone', async () => {
    const browser = await scene.visitor().open(scene.page());
    const cookie = `gid_txn=${browser.browser.cookie(issuer, 'gid_txn') ?? ''}`;
    const ask = async (query: string, variables: Record<string, unknown>): Promise<Json> => {
      const { data, errors } = await scene.app.ask(query, { variables, headers: { cookie, origin: issuer } });
      return errors[0]?.extensions.code ?? Object.values(data ?? {})[0];
    };
    const begun = await ask(
      'mutation ($id: ID!) { beginLogin(input: { connection: "ask", clientId: $id }) { url } }',
      { id: scene.clientId },
    );
    scene.provider.account = { sub: sub(), email: mallory.email, email_verified: true };
    await browser.open(begun.url);
    const linkToken = /#link_token=(.*)$/.exec(browser.visit.url)?.[1] ?? '';
    const respond = `mutation ($input: RespondToLinkPromptInput!) { respondToLinkPrompt(input: $input) { ${answerOf} } }`;
    const prompt = await ask(respond, { input: { linkToken, accept: true } });
    expect(prompt.result).toMatchObject({ kind: 'RECLAIM', proofs: ['EMAIL'] });
    // The password that whoever made the account knows opens nothing.
    expect(await ask(respond, { input: { linkToken, accept: true, proof: { password } } })).toBe(
      'LINK_CONFLICT',
    );
    const { proof } = await ask(
      'mutation ($input: StartLinkPromptProofInput!) { startLinkPromptProof(input: $input) { proof { challenge } } }',
      { input: { linkToken, factor: 'EMAIL' } },
    );
    const reclaim = `mutation ($input: ReclaimAccountInput!) { reclaimAccount(input: $input) { ${answerOf} } }`;
    const input = { linkToken, challenge: proof.challenge, code: await scene.code(mallory.email) };
    expect(await ask(reclaim, { input: { ...input, code: 'xxxxxx' } })).toBe('INVALID_CREDENTIALS');
    expect((await ask(reclaim, { input })).user).toEqual({ id: mallory.id });
    expect(await ask(reclaim, { input })).toBe('LINK_TOKEN_INVALID');
  });
}

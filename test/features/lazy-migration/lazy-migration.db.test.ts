import { sql } from '#src/storage/sql';
import { arrivalCases } from '#test/features/lazy-migration/cases/arrival-cases';
import { removalCases } from '#test/features/lazy-migration/cases/removal-cases';
import { codeAt } from '#test/features/factors/support/code-at';
import type { FakeSource, Misbehaviour } from '#test/features/lazy-migration/support/fake-source';
import { lazyScene, password } from '#test/features/lazy-migration/support/lazy-scene';
import type { TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

eachDatabase('4.3 first sign-ins', (database) => {
  const scene = lazyScene(database);
  const { setSource, given, signIn, countRows, userOf, outcomes, advance } = scene;
  let served: TestApp;
  let source: FakeSource;
  beforeEach(() => {
    served = scene.served();
    source = scene.source();
  });

  it('4.3 a wrong password and an unknown person write nothing', async () => {
    const { email } = given();
    const before = [
      await countRows('users'),
      await countRows('passwords'),
      await countRows('migrated_users'),
    ];
    expect(await signIn(email, 'wrong')).toBe('INVALID_CREDENTIALS');
    expect(await signIn('nobody@example.com', password)).toBe('INVALID_CREDENTIALS');
    expect([
      await countRows('users'),
      await countRows('passwords'),
      await countRows('migrated_users'),
    ]).toEqual(before);
    expect(await outcomes()).toMatchObject({ MISMATCH: 1, UNKNOWN: 1 });
  });

  it('4.3 the right password makes the user with its profile, and the second sign-in asks nobody', async () => {
    const { email, id } = given({
      ...{ email_verified: true, name: 'Ana Old', user_metadata: { theme: 'dark' } },
      ...{ app_metadata: { plan: 'pro', user_id: 'auth0|root' }, roles: ['admin'], blocked_for: 'x' },
      ...{ access_token: 'CNRY-access', refresh_token: 'CNRY-refresh', password_hash: 'CNRY-hash' },
    });
    expect(await signIn(email.toUpperCase(), 'wrong')).toBe('INVALID_CREDENTIALS');
    expect(await signIn(email, password)).toBe('OK');
    expect(source.calls.at(-1)?.headers.authorization).toBe('Bearer CNRY-bearer');
    expect(await userOf(id)).toEqual({
      ...{ id, email, emailVerified: true, username: null, name: 'Ana Old', loginsCount: 1 },
      metadata: { user: { theme: 'dark' }, app: { plan: 'pro' } },
    });
    const [kept] = await served.app.storage
      .open()
      .query<{ text: string }>(sql`SELECT attributes AS "text" FROM users WHERE id = ${id}`, {
        text: 'text',
      });
    expect(JSON.stringify(kept)).not.toContain('CNRY');
    source.calls.length = 0;
    expect(await signIn(email, password)).toBe('OK');
    expect(await signIn(email, 'wrong')).toBe('INVALID_CREDENTIALS');
    expect(source.calls).toEqual([]);
    const [row] = await served.app.storage
      .open()
      .query<{ hash: string; debt: boolean }>(
        sql`SELECT hash AS "hash", policy_debt AS "debt" FROM passwords WHERE user_id = ${id}`,
        { hash: 'text', debt: 'boolean' },
      );
    // 4 a weak legacy password still migrates, and it is remembered that it is weak.
    expect(row).toEqual({ hash: expect.stringMatching(/^\$argon2id\$/), debt: true });
  });

  arrivalCases(scene);

  it('4 finds by username too, and usernames longer than the connection allows', async () => {
    const { id } = given({ username: 'a-very-long-legacy-username' });
    expect(await signIn('a-very-long-legacy-username', password)).toBe('OK');
    expect(await userOf(id)).toMatchObject({ username: 'a-very-long-legacy-username' });
  });

  it.each<[Misbehaviour, string]>([
    ['hang', 'TIMEOUT'],
    ['slow-body', 'TIMEOUT'],
    ['status-500', 'BAD_STATUS'],
    ['redirect', 'REDIRECTED'],
    ['huge', 'TOO_LARGE'],
    ['gone', 'UNREACHABLE'],
  ])(
    'IMP-15 %s is an outage: try later, no user, no failed attempt, others unaffected',
    async (misbehaviour, reason) => {
      const { email } = given();
      const here = given();
      expect(await signIn(here.email, password)).toBe('OK');
      source.misbehaviour = misbehaviour;
      const begun = Date.now();
      expect(await signIn(email, password)).toBe('MIGRATION_SOURCE_UNAVAILABLE');
      // A second is the source's; the rest is for a busy machine.
      expect(Date.now() - begun).toBeLessThan(10_000);
      expect((await outcomes())[reason]).toBeGreaterThan(0);
      expect(await signIn(here.email, password)).toBe('OK');
      source.misbehaviour = 'none';
      expect(await signIn(email, password)).toBe('OK');
    },
  );

  it('4.5 rests after five faults, and twelve outages lock nobody out', async () => {
    const { email } = given();
    source.misbehaviour = 'status-500';
    for (let attempt = 0; attempt < 12; attempt += 1) {
      expect(await signIn(email, password)).toBe('MIGRATION_SOURCE_UNAVAILABLE');
    }
    expect(source.calls).toHaveLength(5);
    source.misbehaviour = 'none';
    expect(await signIn(email, password)).toBe('MIGRATION_SOURCE_UNAVAILABLE');
    await advance(30_001);
    expect(await signIn(email, password)).toBe('OK');
  });

  it.each<[string, object]>([
    ['no id', { user_id: null }],
    ['an empty id', { user_id: '' }],
    ['an id with a blank', { user_id: 'a b' }],
    ['another person’s address', { email: 'root@example.com' }],
    ['no identifier', { email: null }],
  ])('IMP-15 a profile with %s signs nobody in', async (_name, profile) => {
    const { email } = given();
    const user = source.users.get(email);
    source.users.set(email, { password, profile: { ...user?.profile, ...profile } });
    const before = await countRows('users');
    expect(await signIn(email, password)).toBe('MIGRATION_SOURCE_UNAVAILABLE');
    expect(await countRows('users')).toBe(before);
  });

  it('IMP-15 the id of another user belongs to that user alone', async () => {
    const root = await served.givenUser({ email: 'root@example.com', providerUserId: 'root' });
    const { email } = given({ user_id: root });
    expect(await signIn(email, password)).toBe('OK');
    expect(await userOf(root)).toMatchObject({ email: 'root@example.com' });
    expect(await userOf('auth0|main|root')).toMatchObject({ email });
    const raw = given({ user_id: 'root' });
    const before = (await outcomes())['HERE_ALREADY'] ?? 0;
    await setSource({ http: { url: `${source.url}/users` }, prefixIds: false });
    expect(await signIn(raw.email, password)).toBe('INVALID_CREDENTIALS');
    expect(await outcomes()).toMatchObject({ HERE_ALREADY: before + 1 });
    await setSource({ http: { url: `${source.url}/users` } });
  });

  it('4.4 an address that the source knows is taken for who signs up; its owner gets a link', async () => {
    const { email, id } = given();
    const signUp = (input: object) =>
      served.ask('mutation ($input: SignUpInput!) { signUp(input: $input) { isAccepted } }', {
        variables: { input: { password: 'correct horse battery', ...input } },
      });
    const fresh = await signUp({ email: 'fresh@example.com' });
    const taken = await signUp({ email });
    expect([taken.errors, taken.data]).toEqual([fresh.errors, fresh.data]);
    expect(taken.errors).toEqual([]);
    expect(await userOf(id)).toMatchObject({ email });
    expect(await signIn(email, 'correct horse battery')).toBe('INVALID_CREDENTIALS');
    expect(await signIn(email, password)).toBe('OK');
    const named = given({ username: 'legacy.name' });
    const name = await signUp({ email: 'other@example.com', username: 'legacy.name' });
    expect(name.errors.map(({ extensions }) => extensions.code)).toEqual(['CONFLICT']);
    source.misbehaviour = 'status-500';
    for (const address of ['fresher@example.com', email, named.email])
      expect((await signUp({ email: address })).errors[0]?.extensions.code).toBe(
        'MIGRATION_SOURCE_UNAVAILABLE',
      );
  });

  it('4.4 a password is reset before the first sign-in, and the one at the source is over', async () => {
    const { email, id } = given();
    const request = (address: string) =>
      served.ask(
        'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { isAccepted } }',
        { variables: { input: { email: address } } },
      );
    source.misbehaviour = 'status-500';
    const during = await request(email);
    source.misbehaviour = 'none';
    await advance(30_001);
    const known = await request(email);
    const unknown = await request('nobody.at.all@example.com');
    expect([during.data, known.data]).toEqual([unknown.data, unknown.data]);
    expect([...during.errors, ...known.errors]).toEqual([]);
    expect(await userOf(id)).toMatchObject({ email });
    const ticket = await served.ask(
      'mutation ($input: CreatePasswordTicketInput!) { createPasswordTicket(input: $input) { ticket { url } } }',
      { token: await served.administrator(), variables: { input: { userId: id } } },
    );
    const { url } = (ticket.data?.['createPasswordTicket'] as { ticket: { url: string } }).ticket;
    const reset = await served.ask(
      'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { isAccepted } }',
      { variables: { input: { ticket: url.split('/').at(-1), newPassword: 'another fine phrase' } } },
    );
    expect(reset.errors).toEqual([]);
    source.calls.length = 0;
    expect(await signIn(email, 'another fine phrase')).toBe('OK');
    expect(await signIn(email, password)).toBe('INVALID_CREDENTIALS');
    expect(source.calls).toEqual([]);
  });

  it('4.2 second factors come along and are asked for at once; broken ones let nobody in', async () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const { email, id } = given({
      mfa_factors: [{ totp: { secret } }, { phone: { value: '+15550100001' } }],
    });
    const begin = (identifier: string) =>
      served.ask(
        'mutation ($input: SignInInput!) { signIn(input: $input) { session { id } result { ... on MfaChallenge { mfaToken factors } } } }',
        { variables: { input: { identifier, password } } },
      );
    const { data } = await begin(email);
    expect(data).toEqual({
      signIn: { session: null, result: { mfaToken: expect.any(String), factors: ['TOTP'] } },
    });
    const { mfaToken } = (data?.['signIn'] as { result: { mfaToken: string } }).result;
    const proof = { otpCode: codeAt(secret, served.app.platform.clock.now()) };
    const done = await served.ask(
      'mutation ($input: CompleteMfaInput!) { completeMfa(input: $input) { user { id multifactor } } }',
      { variables: { input: { mfaToken, proof } } },
    );
    expect(done.data).toEqual({ completeMfa: { user: { id, multifactor: ['otp'] } } });
    const broken = given({ mfa_factors: [{ totp: { secret: 'not base32!' } }] });
    expect(await signIn(broken.email, password)).toBe('MIGRATION_SOURCE_UNAVAILABLE');
    expect(scene.logged.join()).not.toContain(secret);
  });

  removalCases(scene);
});

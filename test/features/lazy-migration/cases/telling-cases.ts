import { sql } from '#src/storage/sql';
import type { lazyScene } from '#test/features/lazy-migration/support/lazy-scene';
import { password } from '#test/features/lazy-migration/support/lazy-scene';

type Scene = ReturnType<typeof lazyScene>;

const everything = ['CREATE', 'VERIFY', 'CHANGE_PASSWORD', 'DELETE', 'CHANGE_EMAIL', 'MIGRATED'];
const phrase = 'correct horse battery';

/** What sources are told of changes here: 4.2 (create, verify, change_password, delete, change_email) and 4.4 (`writeBackPassword`). */
export function tellingCases(scene: Scene): void {
  const { ask, given, signIn, setSource, userOf } = scene;
  const hook = (writeBack: readonly string[]) =>
    setSource({ webhook: { url: `${scene.source().url}/hook` }, writeBack });
  const mode = async (isOn: boolean): Promise<void> => {
    const set = 'mutation ($input: SetImportModeInput!) { setImportMode(input: $input) { __typename } }';
    expect((await ask(set, { connectionId: 'main', isOn })).errors).toEqual([]);
  };
  const codeOf = async (answer: ReturnType<typeof ask>): Promise<unknown> =>
    (await answer).errors[0]?.extensions.code ?? 'OK';
  const idle = () => scene.served().app.jobs.runUntilIdle();
  const told = (): unknown[] => scene.source().told;
  const signUp = (input: object) =>
    scene.served().ask('mutation ($input: SignUpInput!) { signUp(input: $input) { isAccepted } }', {
      variables: { input: { password: phrase, ...input } },
    });
  const reset = async (userId: string, newPassword: string): Promise<unknown> => {
    const create =
      'mutation ($input: CreatePasswordTicketInput!) { createPasswordTicket(input: $input) { ticket { url } } }';
    const { data } = await ask(create, { userId });
    const { url } = (data?.['createPasswordTicket'] as { ticket: { url: string } }).ticket;
    const use = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { isAccepted } }';
    const input = { ticket: url.split('/').at(-1), newPassword };
    return codeOf(scene.served().ask(use, { variables: { input } }));
  };
  const update = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }';
  const remove = 'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { __typename } }';
  /** What a source with its own users does with what it is told. */
  const obey = (email: string, secret: string, id: string): void => {
    scene.source().users.set(email, { password: secret, profile: { user_id: id, email } });
  };

  it('4.4 writeBackPassword: with the import mode on, the new password of who has moved is told, before it counts here', async () => {
    await hook(['CHANGE_PASSWORD', 'MIGRATED']);
    const { email, id } = given();
    expect(await signIn(email, password)).toBe('OK');
    await idle();
    // 4.3 step 7, onMigrated: by the id that the source gave.
    expect(told()).toEqual([{ action: 'migrated', user_id: id.replace('auth0|main|', '') }]);
    const own = await scene.served().givenUser({ email: 'never.there@example.com', password: phrase });
    expect(await reset(own, 'another fine phrase')).toBe('OK');
    expect(told()).toHaveLength(1);
    scene.source().reply = 'refused';
    expect(await reset(id, 'another fine phrase')).toBe('MIGRATION_SOURCE_REFUSED');
    expect(await signIn(email, password)).toBe('OK');
    scene.source().reply = 'done';
    scene.source().misbehaviour = 'status-500';
    expect(await reset(id, 'another fine phrase')).toBe('MIGRATION_SOURCE_UNAVAILABLE');
    scene.source().misbehaviour = 'none';
    expect(await reset(id, 'another fine phrase')).toBe('OK');
    expect(told().at(-1)).toEqual({
      action: 'change_password',
      identifier: email,
      password: 'another fine phrase',
    });
    expect([await signIn(email, password), await signIn(email, 'another fine phrase')]).toEqual([
      'INVALID_CREDENTIALS',
      'OK',
    ]);
    // Nothing else is told while passwords are kept here.
    const before = told().length;
    expect(await codeOf(ask(remove, { id }))).toBe('OK');
    await idle();
    expect(told()).toHaveLength(before);
    await hook([]);
    const other = given();
    expect(await signIn(other.email, password)).toBe('OK');
    expect(await reset(other.id, 'another fine phrase')).toBe('OK');
    expect(told()).toHaveLength(before);
  });

  it('4.1, 4.2 with the import mode off, a source that is told takes sign-ups, passwords, addresses and deletions', async () => {
    await hook(everything);
    await mode(false);
    const email = 'made.there@example.com';
    expect((await signUp({ email, username: 'madethere' })).errors).toEqual([]);
    expect(told()).toEqual([
      {
        action: 'create',
        user: expect.objectContaining({
          email,
          username: 'madethere',
          password: phrase,
          connection: 'main',
        }) as object,
      },
    ]);
    obey(email, phrase, 'old-made');
    const store = scene.served().app.storage.open();
    const rows = await store.query<{ id: string }>(
      sql`SELECT id AS "id" FROM users WHERE email = ${email} AND NOT EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = users.id)`,
      { id: 'text' },
    );
    expect(rows).toHaveLength(1);
    const id = rows[0]?.id ?? '';
    expect([await signIn(email, 'wrong'), await signIn(email, phrase)]).toEqual([
      'INVALID_CREDENTIALS',
      'OK',
    ]);
    // Somebody who is there already: the same answer, and no second account there.
    const again = await signUp({ email });
    expect([again.errors, told().length]).toEqual([[], 1]);
    const create = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';
    scene.source().reply = 'user_exists';
    expect(await codeOf(ask(create, { email: 'exists@example.com', password: phrase }))).toBe('CONFLICT');
    scene.source().reply = 'refused';
    expect(await codeOf(ask(create, { email: 'exists@example.com', password: phrase }))).toBe(
      'MIGRATION_SOURCE_REFUSED',
    );
    scene.source().reply = 'done';
    expect(await codeOf(ask(create, { email: 'exists@example.com', password: phrase }))).toBe('OK');
    expect(
      await codeOf(ask(create, { email: 'exists@example.com', username: 'x', password: 'short' })),
    ).not.toBe('OK');
    scene.source().told.length = 0;
    // The new password is the source's alone.
    expect(await reset(id, 'another fine phrase')).toBe('OK');
    expect(told()).toEqual([
      { action: 'change_password', identifier: email, password: 'another fine phrase' },
    ]);
    obey(email, 'another fine phrase', 'old-made');
    expect(await signIn(email, 'another fine phrase')).toBe('OK');
    expect(await userOf(id)).toMatchObject({ id, email });
    scene.source().told.length = 0;
    expect(await codeOf(ask(update, { id, emailVerified: true }))).toBe('OK');
    expect(await codeOf(ask(update, { id, email: `moved.${email}`, emailVerified: true }))).toBe('OK');
    expect(told()).toEqual([]);
    await idle();
    expect(told()).toEqual([
      { action: 'email_verified', email },
      {
        ...{ action: 'change_email', user_id: 'old-made' },
        ...{ email, new_email: `moved.${email}`, verified: true },
      },
    ]);
    scene.source().told.length = 0;
    expect(await codeOf(ask(remove, { id }))).toBe('OK');
    await idle();
    expect(told()).toEqual([{ action: 'delete', user_id: 'old-made' }]);
    await mode(true);
  });

  it('4.1 with the import mode off, the present password of a change is the one at the source', async () => {
    await hook(['CHANGE_PASSWORD']);
    await mode(false);
    const { email, id } = given();
    expect(await signIn(email, password)).toBe('OK');
    const change = (currentPassword: string) =>
      scene
        .served()
        .user(id)
        .then((token) =>
          scene
            .served()
            .ask('mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }', {
              token,
              variables: { input: { currentPassword, newPassword: 'another fine phrase' } },
            }),
        );
    expect((await change('wrong')).errors[0]?.extensions.code).toBe('WRONG_PASSWORD');
    expect(told()).toEqual([]);
    expect((await change(password)).errors).toEqual([]);
    expect(told()).toEqual([
      { action: 'change_password', identifier: email, password: 'another fine phrase' },
    ]);
    await hook([]);
    expect(await reset(id, 'yet another phrase')).toBe('PASSWORD_KEPT_ELSEWHERE');
    await mode(true);
  });

  it('4.1 an address that was changed at the source is the same person, with the import mode off and on', async () => {
    await hook([]);
    await mode(false);
    const { email, id } = given();
    expect(await signIn(email, password)).toBe('OK');
    const moved = (to: string): void => {
      scene.source().users.delete(email);
      obey(to, password, id.replace('auth0|main|', ''));
    };
    moved(`new.${email}`);
    expect([await signIn(email, password), await signIn(`new.${email}`, password)]).toEqual([
      'INVALID_CREDENTIALS',
      'OK',
    ]);
    // First values stay: here the address is changed here.
    expect(await userOf(id)).toMatchObject({ email, loginsCount: 2 });
    await mode(true);
    // Nobody here has a password for it yet, so that the source decides once more, and the last time.
    expect(await signIn(`new.${email}`, password)).toBe('OK');
    expect(await userOf(id)).toMatchObject({ email, loginsCount: 3 });
    moved(`newer.${email}`);
    expect(await signIn(`newer.${email}`, password)).toBe('INVALID_CREDENTIALS');
    expect(await signIn(email, password)).toBe('OK');
  });

  it('4.4 an identifier that belongs at the source to another user who moved, and changed it here, is not free', async () => {
    const [one, other] = [given(), given()];
    for (const { email } of [one, other]) expect(await signIn(email, password)).toBe('OK');
    expect(await codeOf(ask(update, { id: other.id, email: `left.${other.email}` }))).toBe('OK');
    const taken = await ask(update, { id: one.id, email: other.email });
    expect(taken.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'email' });
    expect(await codeOf(ask(update, { id: other.id, email: other.email }))).toBe('OK');
  });

  it('4.5 only a webhook and a script can be told; notices are tried again until the source answers', async () => {
    const set =
      'mutation ($input: SetMigrationSourceInput!) { setMigrationSource(input: $input) { source { writeBack } } }';
    const http = { url: `${scene.source().url}/users` };
    const refused = await ask(set, { connectionId: 'main', http, writeBack: ['DELETE'] });
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED', field: 'writeBack' });
    const webhook = { url: `${scene.source().url}/hook` };
    expect((await ask(set, { connectionId: 'main', webhook, writeBack: ['MIGRATED'] })).data).toEqual({
      setMigrationSource: { source: { writeBack: ['MIGRATED'] } },
    });
    const { email } = given();
    expect(await signIn(email, password)).toBe('OK');
    scene.source().misbehaviour = 'status-500';
    await idle();
    expect(told()).toEqual([]);
    scene.source().misbehaviour = 'none';
    await scene.advance(120_000);
    await idle();
    expect(told()).toHaveLength(1);
    await setSource({ http });
  });
}

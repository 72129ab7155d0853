import { sql } from '#src/storage/sql';
import { tellingCases } from '#test/features/lazy-migration/cases/telling-cases';
import type { FakeSource } from '#test/features/lazy-migration/support/fake-source';
import { lazyScene, password } from '#test/features/lazy-migration/support/lazy-scene';
import type { TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

eachDatabase('4 sources and those who come', (database) => {
  const scene = lazyScene(database);
  const { ask, setSource, given, signIn, countRows, userOf, logged } = scene;
  let served: TestApp;
  let source: FakeSource;
  beforeEach(() => {
    served = scene.served();
    source = scene.source();
  });

  it('4.3 step 8: a user who was deleted here stays deleted, unless the source allows coming back', async () => {
    const { email, id } = given();
    expect(await signIn(email, password)).toBe('OK');
    const gone = await ask(
      'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { __typename } }',
      { id },
    );
    expect(gone.errors).toEqual([]);
    expect(await signIn(email, password)).toBe('INVALID_CREDENTIALS');
    expect(await userOf(id)).toBeNull();
    await setSource({ http: { url: `${source.url}/users` }, allowReimport: true });
    expect(await signIn(email, password)).toBe('OK');
    await setSource({ http: { url: `${source.url}/users` } });
  });

  it('a user who is here without a password gets the one that the source vouches for', async () => {
    const { email } = given();
    const id = await served.givenUser({ email, name: 'Here Before' });
    expect(await signIn(email, 'wrong')).toBe('INVALID_CREDENTIALS');
    expect(await signIn(email, password)).toBe('OK');
    expect(await userOf(id)).toMatchObject({ name: 'Here Before', loginsCount: 1 });
    source.calls.length = 0;
    expect(await signIn(email, password)).toBe('OK');
    expect(source.calls).toEqual([]);
  });

  it('4 two connections, the same id at the source, no clash', async () => {
    const store = served.app.storage.open();
    await served.app.product.connections.ensure(store, { name: 'crm', strategy: 'auth0' });
    const set = await ask(
      'mutation ($input: SetMigrationSourceInput!) { setMigrationSource(input: $input) { source { kind } } }',
      {
        connectionId: 'crm',
        webhook: { url: `${source.url}/hook`, authentication: { kind: 'HMAC', secret: 'k'.repeat(32) } },
      },
    );
    expect(set.data).toEqual({ setMigrationSource: { source: { kind: 'WEBHOOK' } } });
    const { email, id } = given();
    expect(await signIn(email, password)).toBe('OK');
    const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';
    const input = { identifier: email, password, connection: 'crm' };
    expect((await served.ask(query, { variables: { input } })).errors).toEqual([]);
    expect(source.calls.at(-1)?.headers['gatehouse-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    expect(await userOf(id)).toMatchObject({ email });
    expect(await userOf(id.replace('main|', 'crm|'))).toMatchObject({ email });
  });

  it('what the blacklist names is not kept', async () => {
    const add =
      'mutation ($input: AddBlacklistedAttributesInput!) { addBlacklistedAttributes(input: $input) { __typename } }';
    expect((await ask(add, { scope: 'TENANT', names: ['nickname', 'user_metadata.ssn'] })).errors).toEqual(
      [],
    );
    const { email, id } = given({
      nickname: 'CNRY-nick',
      user_metadata: { ssn: 'CNRY-ssn', theme: 'light' },
    });
    expect(await signIn(email, password)).toBe('OK');
    expect(await userOf(id)).toMatchObject({ metadata: { user: { theme: 'light' } } });
    const rows = await served.app.storage
      .open()
      .query<{ all: string }>(sql`SELECT nickname AS "all" FROM users WHERE id = ${id}`, { all: 'text' });
    expect(JSON.stringify(rows)).not.toContain('CNRY');
  });

  it('4.2 somebody whom the source blocks does not come in', async () => {
    const { email } = given({ blocked: true });
    expect(await signIn(email, password)).toBe('INVALID_CREDENTIALS');
  });

  it('4.4 who forgot the password before ever signing in is brought, without one, by address and by username', async () => {
    const { hooks } = served.app.product.users;
    const call = served.call();
    const { email, id } = given({ username: 'forgetful' });
    expect(await hooks.elsewhere?.knows(call, 'main', email)).toBe(true);
    expect(await hooks.elsewhere?.knows(call, 'main', 'nobody@example.com')).toBe(false);
    expect(await userOf(id)).toBeNull();
    expect(await hooks.elsewhere?.bring(call, 'main', 'forgetful')).toBe(id);
    expect(await userOf(id)).toMatchObject({ email });
    expect(await signIn(email, password)).toBe('OK');
    expect(await hooks.elsewhere?.bring(call, 'main', 'nobody@example.com')).toBeNull();
  });

  it('4.4 createUser does not take an address that the source knows', async () => {
    const { email } = given();
    const create = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';
    const answer = await ask(create, { email });
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'email' });
    expect(await signIn(email, password)).toBe('OK');
  });

  it('4.4 updateUser takes no identifier that the source knows of somebody else, and one of the user’s own', async () => {
    const [one, other] = [given(), given()];
    expect(await signIn(one.email, password)).toBe('OK');
    const update = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { email } } }';
    const refused = await ask(update, { id: one.id, email: other.email });
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'email' });
    for (const email of [`moved.${one.email}`, one.email])
      expect(await ask(update, { id: one.id, email })).toMatchObject({
        errors: [],
        data: { updateUser: { user: { email } } },
      });
    source.misbehaviour = 'no-json';
    const name = await ask(update.replace('{ email }', '{ name }'), {
      id: one.id,
      name: 'Same Person',
      email: one.email,
    });
    expect(name.errors).toEqual([]);
    const unsure = await ask(update, { id: one.id, email: `unsure.${one.email}` });
    expect(unsure.errors[0]?.extensions.code).toBe('MIGRATION_SOURCE_UNAVAILABLE');
    source.misbehaviour = 'none';
    expect(await signIn(other.email, password)).toBe('OK');
  });

  it('testMigrationSource answers as a sign-in would, and makes nothing', async () => {
    const { email, id } = given({ name: 'CNRY-name' });
    const test =
      'mutation ($input: TestMigrationSourceInput!) { testMigrationSource(input: $input) { outcome reason user { id attributes } } }';
    const before = await countRows('users');
    const result = async (rest: object): Promise<unknown> =>
      (await ask(test, { connectionId: 'main', identifier: email, ...rest })).data?.['testMigrationSource'];
    const user = { id, attributes: ['email', 'name'] };
    expect(await result({})).toEqual({ outcome: 'FOUND', reason: null, user });
    expect(await result({ password })).toEqual({ outcome: 'MATCH', reason: null, user });
    expect(await result({ password: 'wrong' })).toEqual({ outcome: 'MISMATCH', reason: null, user: null });
    expect(await result({ identifier: 'nobody' })).toEqual({ outcome: 'UNKNOWN', reason: null, user: null });
    source.misbehaviour = 'no-json';
    expect(await result({})).toEqual({ outcome: 'FAULT', reason: 'BAD_ANSWER', user: null });
    source.misbehaviour = 'list';
    expect(await result({})).toEqual({ outcome: 'FAULT', reason: 'BAD_ANSWER', user: null });
    expect(await countRows('users')).toBe(before);
  });

  it('4.1 with the import mode off the source decides every time, and no password is kept or set here', async () => {
    const mode = (isOn: boolean) =>
      ask(
        'mutation ($input: SetImportModeInput!) { setImportMode(input: $input) { status { importMode } } }',
        { connectionId: 'main', isOn },
      );
    const codeOf = async (answer: ReturnType<typeof ask>) =>
      (await answer).errors[0]?.extensions.code ?? 'OK';
    const before = given();
    expect(await signIn(before.email, password)).toBe('OK');
    const off = await mode(false);
    expect([off.errors, off.data]).toEqual([[], { setImportMode: { status: { importMode: false } } }]);
    const passwords = await countRows('passwords');
    const { email, id } = given({ name: 'From There' });
    expect(await signIn(email, 'wrong')).toBe('INVALID_CREDENTIALS');
    expect(await signIn(email, password)).toBe('OK');
    expect(await userOf(id)).toMatchObject({ name: 'From There' });
    expect(await countRows('passwords')).toBe(passwords);
    // The names are the source's as well, as its passwords are: refused here, and taken over at the next sign-in.
    const update = (input: object) =>
      ask(
        'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { editableAttributes } } }',
        { id, ...input },
      );
    expect((await update({ name: 'From Here' })).errors[0]?.extensions).toMatchObject({
      ...{ code: 'OPERATION_NOT_SUPPORTED', attributes: ['name'], connection: 'main' },
    });
    expect((await update({ name: 'From There', blocked: false })).data).toMatchObject({
      updateUser: {
        user: { editableAttributes: expect.not.arrayContaining(['name', 'nickname']) as string[] },
      },
    });
    const there = source.users.get(email);
    source.users.set(email, { ...there, profile: { ...there?.profile, name: 'Changed There' } } as never);
    expect(await signIn(email, password)).toBe('OK');
    expect(await userOf(id)).toMatchObject({ name: 'Changed There', email });
    // Changed there: the old one is over at once, also for who has a password here.
    for (const address of [email, before.email]) {
      source.users.set(address, { ...source.users.get(address), password: 'changed' } as never);
      expect(await signIn(address, password)).toBe('INVALID_CREDENTIALS');
      expect(await signIn(address, 'changed')).toBe('OK');
    }
    source.misbehaviour = 'status-500';
    expect(await signIn(email, 'changed')).toBe('MIGRATION_SOURCE_UNAVAILABLE');
    source.misbehaviour = 'none';
    const create = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';
    const fresh = { email: 'fresh.off@example.com', password: 'correct horse battery' };
    expect(await codeOf(ask(create, fresh))).toBe('PASSWORD_KEPT_ELSEWHERE');
    const importing = 'mutation ($input: ImportUsersInput!) { importUsers(input: $input) { job { id } } }';
    const rows = [{ email: 'imported.off@example.com' }];
    expect(await codeOf(ask(importing, { rows }))).toBe('CONNECTION_NOT_IMPORTABLE');
    const finish =
      'mutation ($input: FinishMigrationInput!) { finishMigration(input: $input) { __typename } }';
    expect(await codeOf(ask(finish, { connectionId: 'main' }))).toBe('IMPORT_MODE_OFF');
    expect(await codeOf(mode(true))).toBe('OK');
    // What is kept here counts again.
    expect(await signIn(before.email, password)).toBe('OK');
    expect(await signIn(email, 'changed')).toBe('OK');
    expect(await countRows('passwords')).toBe(passwords + 1);
    const store = served.app.storage.open();
    await served.app.product.connections.ensure(store, { name: 'sourceless', strategy: 'auth0' });
    const alone = ask(
      'mutation ($input: SetImportModeInput!) { setImportMode(input: $input) { __typename } }',
      {
        ...{ connectionId: 'sourceless', isOn: false },
      },
    );
    expect(await codeOf(alone)).toBe('MIGRATION_SOURCE_NOT_FOUND');
  });

  tellingCases(scene);

  it('4.5 a script of the operator is a source; its settings are sealed', async () => {
    const set = (script: object) =>
      ask(
        'mutation ($input: SetMigrationSourceInput!) { setMigrationSource(input: $input) { source { kind script url } } }',
        { connectionId: 'main', script },
      );
    const hosts = [new URL(source.url).host];
    const configuration = [
      { name: 'url', value: `${source.url}/users` },
      { name: 'token', value: 'CNRY-script' },
    ];
    const unknown = await set({ script: 'nowhere' });
    expect(unknown.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED', field: 'script' });
    expect((await set({ script: 'crm', hosts, configuration })).data).toEqual({
      setMigrationSource: { source: { kind: 'SCRIPT', script: 'crm', url: null } },
    });
    const { email, id } = given({ name: 'By Script' });
    expect(await signIn(email, 'wrong')).toBe('INVALID_CREDENTIALS');
    expect(await signIn('nobody.there@example.com', password)).toBe('INVALID_CREDENTIALS');
    expect(await signIn(email, password)).toBe('OK');
    expect(source.calls.at(-1)?.headers.authorization).toBe('Bearer CNRY-script');
    expect(await userOf(id)).toMatchObject({ name: 'By Script' });
    expect((await set({ script: 'crm', hosts: [], configuration })).errors).toEqual([]);
    expect(await signIn(given().email, password)).toBe('MIGRATION_SOURCE_UNAVAILABLE');
    await setSource({ http: { url: `${source.url}/users` } });
  });

  it('finishMigration ends it: nobody is asked any more, those who came stay', async () => {
    const here = given();
    expect(await signIn(here.email, password)).toBe('OK');
    const { email } = given();
    const finish =
      'mutation ($input: FinishMigrationInput!) { finishMigration(input: $input) { status { source { isEnabled finishedAt } } } }';
    const finished = await ask(finish, { connectionId: 'main' });
    expect(finished.data?.['finishMigration']).toEqual({
      status: { source: { isEnabled: false, finishedAt: expect.any(String) } },
    });
    source.calls.length = 0;
    expect(await signIn(email, password)).toBe('INVALID_CREDENTIALS');
    expect(source.calls).toEqual([]);
    expect(await signIn(here.email, password)).toBe('OK');
    const [row] = await served.app.storage
      .open()
      .query<{ sealed: string }>(
        sql`SELECT sealed AS "sealed" FROM migration_sources WHERE connection = 'main'`,
        {
          sealed: 'text',
        },
      );
    expect(row?.sealed).toBe('');
    expect(await ask(finish, { connectionId: 'nothing' })).toMatchObject({
      errors: [{ extensions: { code: 'CONNECTION_NOT_FOUND' } }],
    });
  });

  it('keeps passwords, credentials and answers of the source out of logs, records and tables', async () => {
    const store = served.app.storage.open();
    const records = await store.query<{ details: string }>(
      sql`SELECT details AS "details" FROM audit_events`,
      {
        details: 'text',
      },
    );
    const sources = await store.query<{ all: string }>(
      sql`SELECT settings || sealed AS "all" FROM migration_sources`,
      {
        all: 'text',
      },
    );
    const everything = JSON.stringify([logged, records, sources]);
    expect(everything).not.toContain('CNRY');
    expect(everything).not.toContain(`"${password}"`);
    expect(records.length).toBeGreaterThan(10);
  });
});

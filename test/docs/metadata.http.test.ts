import { sql } from '#src/storage/sql';
import { docPage, operation } from '#test/docs/pages';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const page = docPage('docs/metadata.md');

eachDatabase('the examples of docs/metadata.md', (database) => {
  let product: TestApp;
  let administrator: string;
  let user: string;
  let token: string;

  beforeAll(async () => {
    product = await startTestApp(database);
    administrator = await product.administrator();
    user = await product.givenUser({ email: 'user@example.com' });
    token = await product.user(user);
  });
  afterAll(() => product.close());

  async function run(name: string, as: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const answer = await product.ask(operation(page, name), { token: as, variables });
    expect(answer.errors).toEqual([]);
    return answer;
  }
  const ask = (query: string, as = token): Promise<Answer> => product.ask(query, { token: as });
  const codeOf = async (query: string, as = token): Promise<unknown> =>
    (await ask(query, as)).errors[0]?.extensions.code;

  test('changing', async () => {
    expect((await run('ChooseColor', token)).data).toEqual({
      updateMyMetadata: {
        after: { color: 'red', address: { city: 'Rome' } },
        changedPaths: ['address', 'color'],
        warnings: [],
      },
    });
    expect((await run('AddStreet', administrator, { user })).data).toMatchObject({
      updateUserMetadata: {
        after: { color: 'red', address: { city: 'Rome', street: 'Via Appia' } },
        metadata: { version: 3 },
      },
    });
    expect((await run('SetPlan', administrator, { user, version: 3 })).data).toEqual({
      setMetadataPath: { changedPaths: ['plan'] },
    });
    const again = await product.ask(operation(page, 'SetPlan'), {
      token: administrator,
      variables: { user, version: 3 },
    });
    expect(again.errors[0]?.extensions.code).toBe('VERSION_CONFLICT');
  });

  test('declaring: writing, reading and searching obey the schema at once', async () => {
    await run('DeclareUserMetadata', administrator);
    const patch = (value: string): string =>
      `mutation { updateMyMetadata(input: { patch: ${value} }) { after } }`;
    expect(await codeOf(patch('{ color: "green" }'))).toBe('METADATA_SCHEMA_VIOLATION');
    expect(await codeOf(patch('{ shoe: 44 }'))).toBe('UNDECLARED_METADATA_KEY');
    expect(await codeOf(patch('{ salary: 1 }'))).toBe('FORBIDDEN_ARGUMENT');
    expect(await codeOf(patch('{ handle: "No spaces" }'))).toBe('METADATA_SCHEMA_VIOLATION');
    expect((await ask(patch('{ handle: "jane", diary: "x" }'))).errors).toEqual([]);
    const other = await product.givenUser({ email: 'other@example.com' });
    expect(await codeOf(patch('{ handle: "jane" }'), await product.user(other))).toBe('METADATA_VALUE_TAKEN');
    const find = (q: string): string => `{ users(q: "${q}") { nodes { id } } }`;
    expect(await codeOf(find('user_metadata.diary:x'), administrator)).toBe('FIELD_NOT_SEARCHABLE');
    expect(await codeOf(find('user_metadata.salary:1'), administrator)).toBe('FIELD_NOT_SEARCHABLE');
    expect((await ask(find('user_metadata.handle:jane'), administrator)).data).toEqual({
      users: { nodes: [{ id: user }] },
    });
  });

  test('P15 asking for what is missing', async () => {
    const asked = async (): Promise<unknown> => (await run('WhatToAsk', token)).data?.['me'];
    await run('AskForCompany', administrator);
    expect(await asked()).toEqual({ profileComplete: true, missingProfileSteps: [] });
    const signedIn = sql`UPDATE "users" SET "logins_count" = 3`;
    await product.app.storage.open().transaction((store) => store.execute(signedIn));
    expect(await asked()).toMatchObject({
      profileComplete: false,
      missingProfileSteps: [{ key: 'company' }],
    });
    expect((await run('NotNow', token)).data).toEqual({
      dismissProfileStep: { user: { profileComplete: false } },
    });
    expect(await asked()).toEqual({ profileComplete: false, missingProfileSteps: [] });
    expect((await run('AnswerCompany', token)).data).toMatchObject({
      submitProfileStep: { user: { profileComplete: true, metadata: { user: { company: 'Acme' } } } },
    });
    expect(await asked()).toEqual({ profileComplete: true, missingProfileSteps: [] });
  });
});

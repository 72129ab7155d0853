import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';
import { ImportClient, type Imported } from '#test/features/transfers/import-client';
import { gigya } from '#test/features/transfers/vendors/gigya-fixture';
import { keycloak } from '#test/features/transfers/vendors/keycloak-fixture';
import { password } from '#test/features/transfers/vendors/made-hashes';
import { okta } from '#test/features/transfers/vendors/okta-fixture';
import * as others from '#test/features/transfers/vendors/other-fixtures';
import * as tables from '#test/features/transfers/vendors/table-fixtures';

const fixtures = [okta, gigya, keycloak, ...Object.values(others), ...Object.values(tables)];

eachDatabase('5.8: files of other products', (database) => {
  let test: TestApp;
  let client: ImportClient;
  beforeAll(async () => {
    test = await startTestApp(database);
    client = new ImportClient(test, await test.administrator());
    await test.givenRole('Reader');
    const { connections } = test.app.product;
    // Identities of this provider come in linked; those of others have nowhere to go.
    const google = { name: 'google-oauth2', strategy: 'google-oauth2' } as const;
    await connections.ensure(test.app.storage.open(), google);
  });
  afterAll(() => test.close());

  const found = ({ userImport }: Imported, kind: 'errors' | 'warnings'): unknown[] =>
    userImport[kind].nodes.map((node) => [
      node.index,
      ...new Set((node as unknown as Record<typeof kind, { code: string }[]>)[kind].map(({ code }) => code)),
    ]);

  const totalOf = async (): Promise<unknown> =>
    (await test.ask('{ users { totalCount } }', { token: client.token })).data;

  /** The code of the refusal; null: signed in. */
  const signIn = async (identifier: string, guess: string): Promise<string | null> => {
    const answer = await test.ask(
      'mutation ($input: SignInInput!) { signIn(input: $input) { user { id } } }',
      { variables: { input: { identifier, password: guess } } },
    );
    return answer.errors[0]?.extensions.code ?? null;
  };

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
    '5.8 %s: users, report, dry run and a second run',
    async (_name, fixture) => {
      const send = (query = ''): Promise<Imported> =>
        client.uploaded(fixture.file, { query, type: fixture.contentType, headers: fixture.headers ?? {} });
      const dry = await send('?dryRun=true');
      const real = await send();
      expect(dry.userImport).toEqual(real.userImport);
      expect(real).toMatchObject({ status: 'COMPLETED', userImport: { format: fixture.format } });
      expect(found(real, 'errors')).toEqual(fixture.errors);
      expect(found(real, 'warnings')).toEqual(fixture.warnings);
      expect(real.userImport.summary).toMatchObject({
        failed: fixture.errors.length,
        skipped: fixture.skipped,
      });
      for (const [email, expected] of Object.entries(fixture.users)) {
        expect(await client.userBy(email)).toMatchObject(expected);
      }
      for (const email of fixture.hashed) {
        expect([email, await signIn(email, `${password}!`)]).toEqual([email, 'INVALID_CREDENTIALS']);
        expect([email, await signIn(email, password)]).toEqual([email, null]);
      }
      const people = await totalOf();
      const again = await send('?upsert=true');
      const { total, failed, updated, skipped, inserted } = again.userImport.summary;
      expect([inserted, failed]).toEqual([0, fixture.errors.length]);
      expect(updated + skipped).toBe(total - failed);
      expect(total).toBeGreaterThanOrEqual(10);
      expect(await totalOf()).toEqual(people);
    },
  );
});

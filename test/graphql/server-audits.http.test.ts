import { serverAudits } from 'graphql-http';
import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';

/**
 * What the GraphQL-over-HTTP audits may find: Apollo Server answers 400 where the legacy media type would allow 200, and refuses a GET
 * without a header that forms cannot send (CSRF prevention). Both are the safer side.
 */
const acceptedWarnings = ['572B', 'FDE2', '7B9B'];
const acceptedNotices = ['5A70', 'D6D5', '6A70'];

sqliteDatabase('GraphQL over HTTP', (database) => {
  let product: TestApp;
  beforeAll(async () => {
    product = await startTestApp(database);
  });
  afterAll(() => product.close());

  test('the audits of graphql-http find no error and nothing but the accepted deviations', async () => {
    const audits = serverAudits({ url: `${product.url}/graphql`, fetchFn: fetch });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const found = (status: string): string[] =>
      results.filter((result) => result.status === status).map((result) => `${result.id} ${result.name}`);
    expect(results.length).toBeGreaterThanOrEqual(60);
    expect(found('error')).toEqual([]);
    expect(found('warn').filter((name) => !acceptedWarnings.includes(name.slice(0, 4)))).toEqual([]);
    expect(found('notice').filter((name) => !acceptedNotices.includes(name.slice(0, 4)))).toEqual([]);
  });
});

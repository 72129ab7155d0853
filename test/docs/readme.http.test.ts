import { codeBlocks, docPage } from '#test/docs/pages';
import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';

const readme = docPage('README.md');

sqliteDatabase('the first query of the README', (database) => {
  let product: TestApp;
  beforeAll(async () => {
    product = await startTestApp(database);
    await product.app.loadDemoData();
  });
  afterAll(() => product.close());

  test('gives the printed answer, with the token that the start prints', async () => {
    const [query = ''] = codeBlocks(readme, 'graphql');
    const [printed = ''] = codeBlocks(readme, 'json');
    const answer = await product.ask(query, { token: await product.app.administratorToken() });
    expect(answer.errors).toEqual([]);
    expect({ data: answer.data }).toEqual(JSON.parse(printed));
  });
});

test('the README stays short', () => {
  expect(readme.text.split('\n').length).toBeLessThanOrEqual(110);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSchema } from '#src/app';

test('schema.graphql is what the code declares; after a change run `npm run schema`', async () => {
  const committed = readFileSync(join(__dirname, '..', 'schema.graphql'), 'utf8');
  expect(await printSchema()).toBe(committed);
});

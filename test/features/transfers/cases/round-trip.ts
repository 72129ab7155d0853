import fc from 'fast-check';
import { codesOf, type ImportClient } from '#test/features/transfers/import-client';
import type { TestApp } from '#test/support/app';

const csvColumns = [
  ...['user_id', 'email', 'email_verified', 'phone_number', 'blocked', 'given_name', 'name', 'nickname'],
  ...['created_at', 'last_login', 'logins_count', 'identities'],
];

interface Person {
  readonly user_metadata: object;
  readonly app_metadata: object;
}

/** Random users are imported, exported, imported again and copied to another connection; `textOf` exports what an input names. */
export async function roundTrip(
  test: TestApp,
  client: ImportClient,
  textOf: (input: Record<string, unknown>) => Promise<string>,
): Promise<void> {
  const { connections } = test.app.product;
  const text = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      fc.constantFrom('=1+1', "'x", 'NULL', '0'),
    )
    .filter((value) => !/\p{C}/u.test(value) && value.trim() !== '');
  const key = fc.stringMatching(/^[a-z][a-z_0-9]{0,8}$/);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      ...[text, number, fc.integer(), fc.boolean(), fc.constant(null)],
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    ),
  }));
  const metadata = fc.dictionary(key, value, { maxKeys: 5 });
  const instant = fc.integer({ min: 0, max: 1_700_000_000_000 }).map((time) => new Date(time).toISOString());
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const person = fc.record({
    ...{
      email_verified: optional(fc.boolean()),
      blocked: optional(fc.boolean()),
      given_name: optional(text),
    },
    ...{ name: optional(text), nickname: optional(text), user_metadata: metadata, app_metadata: metadata },
    ...{ created_at: instant, last_login: optional(instant), logins_count: optional(fc.nat(1_000)) },
  });
  const skipsAll = async (file: string, count: number, type: string, query: string): Promise<void> => {
    const { userImport } = await client.uploaded(file, { type, query: `?upsert=true&${query}` });
    expect(userImport.errors.nodes).toEqual([]);
    expect(userImport.summary).toMatchObject({ skipped: count, updated: 0, inserted: 0 });
  };
  /** The other forms, as far as each can say what a user is. */
  const otherForms = async (rows: readonly Person[], connection: string): Promise<void> => {
    const array = await textOf({ connection, format: 'JSON_ARRAY' });
    await skipsAll(array, rows.length, 'application/json', `connection=${connection}`);
    const leaves = new Set(
      rows.flatMap((row) =>
        (['user_metadata', 'app_metadata'] as const).flatMap((store) =>
          Object.keys(row[store]).map((name) => `${store}.${name}`),
        ),
      ),
    );
    const fields = [...csvColumns, ...[...leaves].slice(0, 30 - csvColumns.length)].map((name) => ({ name }));
    const csv = await textOf({ connection, format: 'CSV', fields });
    // A cell can say nothing of a member that is null, and there are 30 columns.
    const merge = `connection=${connection}&metadataMode=SHALLOW_MERGE`;
    await skipsAll(csv, rows.length, 'text/csv', merge);
    const scim = await textOf({ connection, format: 'SCIM' });
    await skipsAll(scim, rows.length, 'application/scim+json', `${merge}&idPrefix=`);
  };
  let round = 0;
  const check = fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 30 }), async (people) => {
    round += 1;
    const names = [`from${round}`, `to${round}`] as const;
    for (const name of names) await connections.ensure(test.app.storage.open(), { name, strategy: 'auth0' });
    const rows = people.map((row, n) => ({
      email: `r${n}@example.com`,
      user_id: `${round}-${n}`,
      phone_number: `+1555${round}${n}`,
      ...row,
    }));
    const first = await client.run(rows, { connection: names[0], queue: true });
    expect(codesOf(first)).toEqual([]);
    const before = await textOf({ connection: names[0] });
    const options = { type: 'application/x-ndjson', query: `?upsert=true&connection=${names[0]}` };
    const again = await client.uploaded(before, options);
    expect(again.userImport.summary).toMatchObject({ skipped: rows.length, updated: 0, failed: 0 });
    expect(await textOf({ connection: names[0] })).toBe(before);
    if (round % 3 === 1) await otherForms(rows, names[0]);
    // Ids are unique over connections of one strategy, so the copy has others.
    const moved = before
      .replaceAll(`"auth0|${round}-`, `"auth0|copy-${round}-`)
      .replaceAll(`"user_id":"${round}-`, `"user_id":"copy-${round}-`)
      .replaceAll(`"connection":"${names[0]}"`, `"connection":"${names[1]}"`);
    const copied = await client.uploaded(moved, {
      type: 'application/x-ndjson',
      query: `?connection=${names[1]}`,
    });
    expect(codesOf(copied)).toEqual([]);
    const without = (file: string) =>
      file
        .replaceAll('copy-', '')
        .replaceAll(names[1], names[0])
        .replace(/"updated_at":"[^"]*"/g, '');
    expect(without(await textOf({ connection: names[1] }))).toBe(without(before));
  });
  await fc.assert(check, { numRuns: Number(process.env['GATEHOUSE_TEST_CASES'] ?? 6) });
}

import fc from 'fast-check';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

const userColumns = columnsOf(UserEntity, 'u', [
  'id',
  'name',
  'emailVerified',
  'blocked',
  'attributes',
  'createdAt',
  'lastLogin',
  'loginsCount',
]);
type UserRow = RowOf<typeof userColumns>;

const usersByIds: Read<{ ids: readonly string[] }, UserRow> = {
  name: 'test.codec.usersByIds',
  select: userColumns,
  build: (builder, dialect) => builder.from(UserEntity, 'u').where(dialect.anyOf('u.id', ':ids')),
};

/** Any text a person or a machine may send: control characters, right-to-left marks, emoji, quotes; no NUL, no half of a pair. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme-composite', maxLength: 60 }),
  )
  .filter((value) => !value.includes('\0'));
const hostile = fc.constantFrom(
  "'",
  '"',
  '\\',
  '%',
  '$1',
  '?1',
  ':ids',
  '\u202e',
  '\ufeff',
  '{"a":1}',
  'NULL',
  '\u2028',
  '',
);
const anyText = fc.oneof(text, hostile);
const instant = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
/** JSON has no negative zero. */
const jsonObject = fc
  .dictionary(anyText, fc.jsonValue({ maxDepth: 5 }), { maxKeys: 5 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);

const user = fc.record({
  id: fc.tuple(anyText, fc.uuid()).map(([left, right]) => left + right),
  name: fc.option(anyText),
  emailVerified: fc.option(fc.boolean()),
  blocked: fc.boolean(),
  attributes: fc.option(jsonObject),
  createdAt: instant,
  lastLogin: fc.option(instant),
  loginsCount: fc.option(fc.integer()),
});

eachDatabase('the row codec', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
  });

  it('gives back every value as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(user, async (row) => {
        const store = storage.open();
        const rest = { connection: 'main', updatedAt: 0, credentialEpoch: 0, version: 1 };
        await store.transaction(async (inside) => {
          await inside.delete(UserEntity, { id: row.id });
          await inside.insert(UserEntity, { ...row, ...rest });
        });
        expect(await store.read(usersByIds, { ids: [row.id, 'missing'] })).toEqual([row]);
        await store.transaction((inside) => inside.delete(UserEntity, { id: row.id }));
        expect(await store.read(usersByIds, { ids: [row.id] })).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps JSON exactly: order of keys, nesting, NUL and lone surrogates inside strings', async () => {
    const userJson = {
      z: 1,
      a: { '': [[], {}, null, 1e21, -0.5, 'a\0b', '\ud800'] },
      '10': true,
      '9': false,
    };
    await storage.open().transaction(async (store) => {
      const blank = {
        connection: 'main',
        blocked: false,
        createdAt: 0,
        updatedAt: 0,
        credentialEpoch: 0,
        version: 1,
      };
      await store.insert(UserEntity, { ...blank, id: 'json' });
      await store.insert(MetadataEntity, {
        userId: 'json',
        userJson,
        appJson: {},
        bytes: 1,
        version: 1,
        updatedAt: 0,
      });
      const { columns, kinds } = store.selection(columnsOf(MetadataEntity, 'm', ['userJson']));
      const rows = await store.query(sql`SELECT ${columns} FROM ${store.table(MetadataEntity)} AS m`, kinds);
      expect(JSON.stringify(rows)).toBe(JSON.stringify([{ userJson }]));
    });
  });

  it('keeps numbers to the last bit', async () => {
    await storage.open().transaction((store) =>
      store.insert(UserEntity, {
        id: 'numbers',
        connection: 'main',
        blocked: false,
        createdAt: 0,
        updatedAt: 0,
        credentialEpoch: 0,
        version: 1,
      }),
    );
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (value === 0 ? 0 : value));
    await fc.assert(
      fc.asyncProperty(number, async (numberValue) => {
        fc.pre(!Number.isInteger(numberValue) || Math.abs(numberValue) <= Number.MAX_SAFE_INTEGER);
        await storage.open().transaction(async (store) => {
          await store.delete(MetadataLeafEntity, { userId: 'numbers' });
          await store.insert(MetadataLeafEntity, {
            userId: 'numbers',
            store: 'user',
            path: 'p',
            kind: 'number',
            numberValue,
          });
          const { columns, kinds } = store.selection(columnsOf(MetadataLeafEntity, 'l', ['numberValue']));
          const rows = await store.query(
            sql`SELECT ${columns} FROM ${store.table(MetadataLeafEntity)} AS l`,
            kinds,
          );
          expect(rows).toEqual([{ numberValue }]);
        });
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['the NUL character', 'a\0b'],
    ['half of a surrogate pair', 'a\ud800'],
  ])('refuses text with %s, which databases would store differently', async (_, name) => {
    const store = storage.open();
    const refused = { code: 'VALIDATION_FAILED' };
    await expect(store.read(usersByIds, { ids: [name] })).rejects.toMatchObject(refused);
    await expect(
      store.transaction((inside) => inside.update(UserEntity, { id: 'json' }, { name })),
    ).rejects.toMatchObject(refused);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, { a: 1 }, new Date(0)])(
    'refuses to bind %p',
    async (value) => {
      const store = storage.open();
      await expect(async () => store.query(sql`SELECT ${value} AS x`, { x: 'text' })).rejects.toBeInstanceOf(
        TypeError,
      );
    },
  );
});

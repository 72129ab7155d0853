import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { columnsOf, expression } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import { ForeignKeyViolation, UniqueViolation } from '#src/storage/storage.errors';
import type { Read, RowOf, Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

const connectionSelection = columnsOf(ConnectionEntity, 'c', [
  'id',
  'name',
  'isEnabled',
  'options',
  'createdAt',
]);
type ConnectionRow = RowOf<typeof connectionSelection>;

const connectionsByName: Read<{ names: readonly string[] }, ConnectionRow> = {
  name: 'test.connectionsByName',
  select: connectionSelection,
  build: (builder, dialect) =>
    builder.from(ConnectionEntity, 'c').where(dialect.anyOf('c.name', ':names')).orderBy('c.name'),
};

const leavesOfStore: Read<
  { store: string },
  Pick<MetadataLeafEntity, 'path' | 'textValue' | 'numberValue'>
> = {
  name: 'test.leavesOfStore',
  select: columnsOf(MetadataLeafEntity, 'ml', ['path', 'textValue', 'numberValue']),
  build: (builder) => builder.from(MetadataLeafEntity, 'ml').where('ml.store = :store'),
};

/** Fails on both databases when it runs: the number has no positive one. */
const overflowing: Read<object, { readonly n: number }> = {
  name: 'test.overflowing',
  select: { n: expression<number>('abs(-9223372036854775807 - 1)', 'integer') },
  build: (builder) => builder.from(ConnectionEntity, 'c'),
};

function connection(name: string): ConnectionEntity {
  return {
    id: `con_${name}`,
    name,
    strategy: 'auth0',
    displayName: null,
    isEnabled: false,
    options: { a: [1, null, 'x'] },
    deletingAt: null,
    createdAt: 1_700_000_000_123,
    updatedAt: 5,
    version: 1,
  };
}

eachDatabase('storage', (database) => {
  let storage: Storage;

  beforeAll(async () => {
    storage = await database.open();
  });

  it('reads what it wrote, as typed rows', async () => {
    const store = storage.open();
    await store.transaction(async (inside) => {
      expect(await inside.insert(ConnectionEntity, [connection('b'), connection('a')])).toBe(2);
    });
    const rows = await store.read(connectionsByName, { names: ['a', 'b', 'missing'] });
    expect(rows).toEqual([
      {
        id: 'con_a',
        name: 'a',
        isEnabled: false,
        options: { a: [1, null, 'x'] },
        createdAt: 1_700_000_000_123,
      },
      {
        id: 'con_b',
        name: 'b',
        isEnabled: false,
        options: { a: [1, null, 'x'] },
        createdAt: 1_700_000_000_123,
      },
    ]);
    expect(store.statements).toBe(2);
  });

  it('inserts many rows exactly as it inserts one', async () => {
    const texts = [
      'plain',
      '',
      '"quoted"',
      'back\\slash',
      '{a,b}',
      'NULL',
      "it's",
      'ÄÖ 𝒳 \u2028\t\n',
      '0',
      '1e3',
      '[1]',
      'true',
    ];
    const numbers = [
      0,
      -1,
      1.5,
      0.1 + 0.2,
      6.261130618973059e-162,
      2 ** 53 - 1,
      5e-324,
      1.7976931348623157e308,
      null,
    ];
    const many = texts.flatMap((text, n) =>
      numbers.map((numberValue, m) => ({
        ...{ userId: 'many', store: 'user' as const, path: `${n}.${m}`, kind: 'text' as const },
        ...{ textValue: m % 2 === 0 ? text : null, textHash: null, numberValue },
      })),
    );
    const rows = many.map((row) => [row.path, row.textValue, row.numberValue]);
    const store = storage.open();
    const read = async (): Promise<unknown[]> => {
      const found = new Map(
        (await store.read(leavesOfStore, { store: 'user' })).map((row) => [row.path, row]),
      );
      return many.map(({ path }) => [path, found.get(path)?.textValue, found.get(path)?.numberValue]);
    };
    await store.transaction(async (inside) => {
      await inside.insert(ConnectionEntity, connection('many'));
      await inside.insert(UserEntity, {
        ...{ id: 'many', connection: 'many', blocked: false, createdAt: 1, updatedAt: 1 },
        ...{ credentialEpoch: 1, version: 1 },
      });
      expect(await inside.insert(MetadataLeafEntity, many)).toBe(many.length);
    });
    expect(await read()).toEqual(rows);
    await store.transaction(async (inside) => {
      await inside.delete(MetadataLeafEntity, { store: 'user' });
      for (const row of many) await inside.insert(MetadataLeafEntity, row);
    });
    expect(await read()).toEqual(rows);
    await store.transaction((inside) => inside.delete(UserEntity, { id: 'many' }));
  });

  it('takes values of users who exist alone, and deletes them with their user, also one that is just being written', async () => {
    const store = storage.open();
    const leaf = (userId: string, path: string): MetadataLeafEntity => ({
      ...{ userId, store: 'user', path, kind: 'text', textValue: 'x', textHash: null, numberValue: null },
    });
    await store.transaction(async (inside) => {
      await inside.insert(ConnectionEntity, connection('owners'));
      for (const id of ['owner', 'other'])
        await inside.insert(UserEntity, {
          ...{ id, connection: 'owners', blocked: false, createdAt: 1, updatedAt: 1 },
          ...{ credentialEpoch: 1, version: 1 },
        });
    });
    const insert = (rows: MetadataLeafEntity[]): Promise<number> =>
      store.transaction((inside) => inside.insert(MetadataLeafEntity, rows));
    const many = Array.from({ length: 10 }, (_, n) => leaf('owner', `${n}`));
    await expect(insert([...many, leaf('nobody', 'a')])).rejects.toThrow(ForeignKeyViolation);
    await expect(insert([leaf('nobody', 'a')])).rejects.toThrow(ForeignKeyViolation);
    const moved = store.transaction(async (inside) => {
      await inside.insert(MetadataLeafEntity, leaf('other', 'b'));
      await inside.update(MetadataLeafEntity, { userId: 'other' }, { userId: 'nobody' });
    });
    await expect(moved).rejects.toThrow(ForeignKeyViolation);
    let deleted: Promise<unknown> = Promise.resolve();
    await store.transaction(async (inside) => {
      await inside.insert(MetadataLeafEntity, [...many, leaf('other', 'b')]);
      deleted = store.transaction((second) => second.delete(UserEntity, { id: ['owner', 'other'] }));
      await new Promise((resolve) => setTimeout(resolve, 30));
    });
    expect(await deleted).toBe(2);
    expect(await store.read(leavesOfStore, { store: 'user' })).toEqual([]);
  });

  it('refuses in many rows what it refuses in one', async () => {
    const store = storage.open();
    const insert = (rows: readonly ConnectionEntity[]): Promise<unknown> =>
      store.transaction((inside) => inside.insert(ConnectionEntity, rows));
    const many = Array.from({ length: 20 }, (_, n) => connection(`many${n}`));
    const last = (change: Partial<ConnectionEntity>): ConnectionEntity[] => [
      ...many.slice(1),
      { ...(many[0] as ConnectionEntity), ...change },
    ];
    await expect(insert(last({ displayName: 'a\0b' }))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(insert(last({ displayName: '\ud800' }))).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    await expect(insert(last({ version: Number.NaN }))).rejects.toThrow('finite');
    await expect(insert(last({ displayName: undefined as never }))).rejects.toThrow('undefined');
    await expect(insert(last({ name: 'many1' }))).rejects.toBeInstanceOf(UniqueViolation);
    expect(await store.read(connectionsByName, { names: many.map(({ name }) => name) })).toEqual([]);
    await store.transaction(async (inside) => {
      await inside.insert(ConnectionEntity, many.slice(10));
      expect(await inside.insert(ConnectionEntity, many, { ignoreConflicts: true })).toBe(10);
      const changed = many.map((row) => ({ ...row, displayName: 'changed' }));
      expect(await inside.upsert(ConnectionEntity, changed, ['id'])).toBe(20);
    });
  });

  it('answers each of several reads of one tick, also beside one that fails', async () => {
    const store = storage.open();
    // The second time they are prepared already.
    for (let time = 0; time < 2; time += 1) {
      const [a, failed, b] = await Promise.allSettled([
        store.read(connectionsByName, { names: ['a'] }),
        store.read(overflowing, {}),
        store.read(connectionsByName, { names: ['a', 'b'] }, ['name']),
      ]);
      expect(a).toMatchObject({ value: [{ id: 'con_a', name: 'a' }] });
      expect(failed).toMatchObject({ status: 'rejected', reason: { name: 'StatementError' } });
      expect(b).toEqual({ status: 'fulfilled', value: [{ name: 'a' }, { name: 'b' }] });
    }
  });

  it('reports a unique violation and rolls back', async () => {
    const store = storage.open();
    const failing = store.transaction(async (inside) => {
      await inside.insert(ConnectionEntity, connection('c'));
      await inside.insert(ConnectionEntity, { ...connection('c'), id: 'con_other' });
    });
    await expect(failing).rejects.toMatchObject({
      table: 'connections',
      columns: ['name'],
      constraint: 'uq_connections__name',
    });
    await expect(failing).rejects.toBeInstanceOf(UniqueViolation);
    expect(await store.read(connectionsByName, { names: ['c'] })).toEqual([]);
  });

  it('updates and deletes by equality, list and null', async () => {
    const store = storage.open();
    await store.transaction(async (inside) => {
      await inside.insert(ConnectionEntity, [connection('u1'), connection('u2'), connection('u3')]);
      expect(
        await inside.update(ConnectionEntity, { name: ['u1', 'u2'], displayName: null }, { isEnabled: true }),
      ).toBe(2);
      expect(await inside.delete(ConnectionEntity, { name: 'u3' })).toBe(1);
    });
    const { columns, kinds } = store.selection(connectionSelection);
    const rows = await store.query(
      sql`SELECT ${columns} FROM ${store.table(ConnectionEntity)} AS c WHERE ${store.dialect.prefix(store.column(ConnectionEntity, 'name', 'c'), 'u')} ORDER BY c.name`,
      kinds,
    );
    expect(rows.map((row) => [row.name, row.isEnabled])).toEqual([
      ['u1', true],
      ['u2', true],
    ]);
  });

  it('knows the user table', async () => {
    expect(
      await storage
        .open()
        .query(sql`SELECT count(*) AS total FROM ${storage.open().table(UserEntity)}`, { total: 'integer' }),
    ).toEqual([{ total: 0 }]);
  });
});

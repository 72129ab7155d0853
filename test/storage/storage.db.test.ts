import { UserEntity } from '#src/features/users/user.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import { UniqueViolation } from '#src/storage/storage.errors';
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

function connection(name: string): ConnectionEntity {
  return {
    id: `con_${name}`,
    name,
    strategy: 'auth0',
    displayName: null,
    isEnabled: false,
    options: { a: [1, null, 'x'] },
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

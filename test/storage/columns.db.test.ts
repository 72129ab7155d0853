import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { camelCase, column, columnProperties, columnsOf, expression, snakeCase } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

describe('columns', () => {
  it('are named in snake case', () => {
    expect(snakeCase('emailFolded')).toBe('email_folded');
    for (const property of columnProperties(SessionEntity))
      expect(camelCase(snakeCase(property))).toBe(property);
  });

  it('that are secret are refused in a selection, by the compiler and when running', () => {
    // @ts-expect-error: the compiler knows that no row contains the hash.
    expect(() => columnsOf(SessionEntity, 's', ['id', 'secretHash'])).toThrow('is secret');
    // @ts-expect-error: likewise.
    expect(() => column(SessionEntity, 's', 'secretHash')).toThrow('is secret');
  });

  it('that do not exist are refused', () => {
    expect(() => columnsOf(SessionEntity, 's', ['nothing' as 'id'])).toThrow('no column');
  });
});

const blank = { enabled: column(ConnectionEntity, 'c', 'isEnabled') };

eachDatabase('a read', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
  });

  function run(
    build: Read<{ name: string }, { enabled: boolean }>['build'],
    parameters: object,
  ): Promise<unknown> {
    return storage.open().read({ name: 'test.read', select: blank, build }, parameters as { name: string });
  }

  it('binds a parameter used twice once, and leaves strings and casts alone', async () => {
    const read: Read<{ name: string }, { same: string; text: string }> = {
      name: 'test.twice',
      select: { same: expression(`CAST(:name AS text)`, 'text'), text: expression(`':name ::x'`, 'text') },
      build: (builder) => builder.from(ConnectionEntity, 'c').where('c.name = :name'),
    };
    expect(await storage.open().read(read, { name: 'main' })).toEqual([{ same: 'main', text: ':name ::x' }]);
  });

  it('limits its rows by a parameter', async () => {
    const read: Read<{ most: number }, { enabled: boolean }> = {
      name: 'test.limited',
      select: blank,
      limit: 'most',
      build: (builder) => builder.from(ConnectionEntity, 'c'),
    };
    expect(await storage.open().read(read, { most: 0 })).toEqual([]);
    expect(await storage.open().read(read, { most: 1 })).toEqual([{ enabled: true }]);
  });

  it('refuses an unknown property when it is built', async () => {
    await expect(
      run((builder) => builder.from(ConnectionEntity, 'c').where('c.nothing = :name'), { name: 'x' }),
    ).rejects.toThrow('c.nothing');
  });

  it('refuses a parameter that is missing or undefined', async () => {
    const build: Read<{ name: string }, { enabled: boolean }>['build'] = (builder) =>
      builder.from(ConnectionEntity, 'c').where('c.name = :name');
    await expect(run(build, {})).rejects.toThrow('"name"');
    await expect(run(build, { name: undefined })).rejects.toThrow('"name"');
  });

  it('may compare with a secret column', async () => {
    const store = storage.open();
    const hash = store.column(SessionEntity, 'secretHash', 's');
    const found = sql`SELECT count(*) AS total FROM ${store.table(SessionEntity)} AS s WHERE ${hash} = ${'abc'}`;
    expect(await store.query(found, { total: 'integer' })).toEqual([{ total: 0 }]);
  });
});

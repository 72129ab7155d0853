import { open } from 'node:fs/promises';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';
import { integrityProblems } from '#src/storage/check-integrity';
import type { StorageError } from '#src/storage/storage.errors';
import { eachDatabase, postgresDatabase, sqliteDatabase } from '#test/support/databases';

eachDatabase('a sound database', (database) => {
  it('has no problems', async () => {
    expect(await integrityProblems(database.url())).toEqual([]);
  });
});

sqliteDatabase('a damaged database file', (database) => {
  const execute = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      const connection = new sqlite3.Database(database.url().slice('sqlite:'.length));
      connection.exec(text, (error) => connection.close(() => (error ? fail(error) : done())));
    });

  it('is told by a row that refers to none', async () => {
    await execute("INSERT INTO role_permissions (role_id, permission_id) VALUES ('rol_none', 'prm_none')");
    expect([...(await integrityProblems(database.url()))].sort()).toEqual([
      'a row of role_permissions refers to none of permissions',
      'a row of role_permissions refers to none of roles',
    ]);
  });

  it('is told by pages that hold something else, and by an end that is missing', async () => {
    const file = await open(database.url().slice('sqlite:'.length), 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.alloc(8 * 4096, 0xa5), 0, 8 * 4096, Math.floor(size / 8192) * 4096);
    const damages = (): Promise<readonly string[]> =>
      integrityProblems(database.url()).catch(({ code }: StorageError) => [code]);
    expect((await damages()).length).toBeGreaterThan(0);
    await file.truncate(Math.floor(size / 2));
    await file.close();
    expect(await damages()).toEqual(['STORAGE_UNREADABLE']);
  });
});

postgresDatabase('a restored database', (database) => {
  it('is told by a constraint that was not checked', async () => {
    const client = new Client({ connectionString: database.url() });
    await client.connect();
    await client.query('ALTER TABLE users ADD CONSTRAINT ck_late CHECK (logins_count >= 0) NOT VALID');
    await client.end();
    expect(await integrityProblems(database.url())).toEqual(['the constraint ck_late was not checked']);
  });
});

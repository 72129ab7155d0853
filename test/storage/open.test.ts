import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { silentLogger } from '#src/shared/logger';
import { migrate, pendingMigrations } from '#src/storage/migrate';
import { sqliteMigrations } from '#src/storage/migrations/all-migrations';
import { openStorage } from '#src/storage/storage';
import { StorageError } from '#src/storage/storage.errors';
import type { Storage } from '#src/storage/store';
import { postgresServerUrl, testCursorKey } from '#test/support/databases';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-open-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function open(url: string, busyTimeoutMs = 50): Promise<Storage> {
  return openStorage({ url, cursorKey: testCursorKey, logger: silentLogger, busyTimeoutMs });
}

async function refusal(url: string): Promise<StorageError> {
  const error = await open(url).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StorageError);
  return error as StorageError;
}

describe('opening a database refuses, with a code and a sentence and no stack,', () => {
  it.each([
    ['mysql://x', 'STORAGE_URL_INVALID'],
    ['', 'STORAGE_URL_INVALID'],
    ['sqlite:', 'STORAGE_URL_INVALID'],
    ['sqlite::memory:', 'STORAGE_URL_INVALID'],
    ['postgres://user:secret@[bad', 'STORAGE_URL_INVALID'],
    ['sqlite:/no/such/folder/gatehouse.db', 'STORAGE_FOLDER_MISSING'],
  ])('the URL %s', async (url, code) => {
    const error = await refusal(url);
    expect(error.code).toBe(code);
    expect(error.stack).not.toContain('    at ');
    expect(error.message).not.toContain('secret');
  });

  it('a file that is not there, and makes none', async () => {
    const path = join(folder, 'missing.db');
    expect((await refusal(`sqlite:${path}`)).code).toBe('STORAGE_NOT_MIGRATED');
    expect(await pendingMigrations(`sqlite:${path}`)).toHaveLength(sqliteMigrations.length);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('a file that is no database', async () => {
    const path = join(folder, 'text.db');
    await writeFile(path, 'this is a text and not a database. '.repeat(100));
    expect((await refusal(`sqlite:${path}`)).code).toBe('STORAGE_UNREADABLE');
    await expect(migrate(`sqlite:${path}`)).rejects.toMatchObject({ code: 'STORAGE_UNREADABLE' });
  });

  it('a folder in place of a file', async () => {
    await mkdir(join(folder, 'folder.db'));
    expect((await refusal(`sqlite:${join(folder, 'folder.db')}`)).code).toBe('STORAGE_UNREADABLE');
  });

  it('an empty file', async () => {
    const path = join(folder, 'empty.db');
    await writeFile(path, '');
    expect((await refusal(`sqlite:${path}`)).code).toBe('STORAGE_NOT_MIGRATED');
  });

  it('a file that another program holds', async () => {
    const path = join(folder, 'locked.db');
    await migrate(`sqlite:${path}`);
    const other = new sqlite3.Database(path);
    const execute = (text: string): Promise<void> =>
      new Promise((done, fail) => other.exec(text, (error) => (error ? fail(error) : done())));
    await execute('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE held (x); COMMIT');
    expect((await refusal(`sqlite:${path}`)).code).toBe('STORAGE_LOCKED');
    await new Promise((done) => other.close(done));
  });

  it('a server that does not answer', async () => {
    const error = await refusal('postgres://user:secret@127.0.0.1:1/db');
    expect(error).toMatchObject({ code: 'STORAGE_UNREADABLE' });
    expect(error.message).toContain('127.0.0.1:1/db');
    expect(error.message).not.toContain('secret');
  });

  it('a database that does not exist, and one that was never migrated', async () => {
    expect((await refusal(postgresServerUrl('no_such_database'))).code).toBe('STORAGE_UNREADABLE');
    expect((await refusal(postgresServerUrl('template1'))).code).toBe('STORAGE_NOT_MIGRATED');
  });

  it('a file or a folder without permission', async () => {
    // The superuser may open everything; then only the ordinary case can be shown.
    const path = join(folder, 'closed', 'gatehouse.db');
    await migrate(`sqlite:${path}`);
    await chmod(path, 0o000);
    if (process.getuid?.() === 0) await (await open(`sqlite:${path}`)).close();
    else expect((await refusal(`sqlite:${path}`)).code).toBe('STORAGE_UNREADABLE');
  });
});

describe('migrating', () => {
  it('makes the last folder of the path and no more', async () => {
    await migrate(`sqlite:${join(folder, 'made', 'gatehouse.db')}`);
    expect((await stat(join(folder, 'made', 'gatehouse.db'))).isFile()).toBe(true);
    const deep = join(folder, 'not', 'made', 'gatehouse.db');
    await expect(migrate(`sqlite:${deep}`)).rejects.toMatchObject({ code: 'STORAGE_FOLDER_MISSING' });
  });
});

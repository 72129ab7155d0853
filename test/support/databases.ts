import { createHash, randomBytes } from 'node:crypto';
import { constants, copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { silentLogger } from '#src/shared/logger';
import { migrate } from '#src/storage/migrate';
import { openStorage, type StorageOptions } from '#src/storage/storage';
import type { Storage } from '#src/storage/store';

export interface TestDatabase {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** A migrated database of this describe block alone. Known from the first hook on. */
  url(): string;
  /** Opens the database; closed after the last test of the block. */
  open(options?: Partial<StorageOptions>): Promise<Storage>;
}

interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** The same tests once for each database, each time with a fresh migrated one. */
export function eachDatabase(title: string, tests: (database: TestDatabase) => void): void {
  describeDatabase(title, 'SQLite', createSqlite, tests);
  describeDatabase(title, 'PostgreSQL', createPostgres, tests);
}

/** For what only the embedded database has to prove. */
export function sqliteDatabase(title: string, tests: (database: TestDatabase) => void): void {
  describeDatabase(title, 'SQLite', createSqlite, tests);
}

/** For what only the database server has to prove. */
export function postgresDatabase(title: string, tests: (database: TestDatabase) => void): void {
  describeDatabase(title, 'PostgreSQL', createPostgres, tests);
}

export const testCursorKey = Buffer.alloc(32, 7);

/** The first databases of a run wait until one of them has been migrated. */
const slowestMs = 120_000;

function describeDatabase(
  title: string,
  name: TestDatabase['name'],
  create: () => Promise<FreshDatabase>,
  tests: (database: TestDatabase) => void,
): void {
  describe(`${title} (${name})`, () => {
    let fresh: FreshDatabase | null = null;
    const opened: Storage[] = [];

    const database: TestDatabase = {
      name,
      url() {
        if (fresh === null) throw new Error('The database exists only while hooks and tests run.');
        return fresh.url;
      },
      async open(options = {}) {
        const storage = await openStorage({
          url: database.url(),
          cursorKey: testCursorKey,
          logger: silentLogger,
          poolSize: 5,
          ...options,
        });
        opened.push(storage);
        return storage;
      },
    };

    beforeAll(async () => {
      fresh = await create();
    }, slowestMs);
    tests(database);
    // Hooks run in the order of their definition: the tests' own come first.
    afterAll(async () => {
      await Promise.all(opened.map((storage) => storage.close()));
      await fresh?.drop();
    });
  });
}

/** Changes with every edit of a migration, so that no template of an older text is used. */
function migrationsHash(folder: 'sqlite' | 'postgres'): string {
  const path = resolve('src/storage/migrations', folder);
  const hash = createHash('sha256');
  for (const file of readdirSync(path).sort()) hash.update(readFileSync(join(path, file)));
  return hash.digest('hex').slice(0, 12);
}

async function createSqlite(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(process.env['GATEHOUSE_TEST_FOLDER'] ?? tmpdir(), 'sqlite-'));
  const path = join(folder, 'gatehouse.db');
  copyFileSync(await sqliteTemplate(), path, constants.COPYFILE_FICLONE);
  return { url: `sqlite:${path}`, drop: () => rm(folder, { recursive: true, force: true }) };
}

async function sqliteTemplate(): Promise<string> {
  const root = join(process.env['GATEHOUSE_TEST_FOLDER'] ?? tmpdir(), 'templates');
  const template = join(root, `${migrationsHash('sqlite')}.db`);
  if (existsSync(template)) return template;
  // Two workers may both make it; the later one replaces the earlier one's equal file in one step.
  const draft = join(root, `draft-${randomBytes(6).toString('hex')}.db`);
  await mkdir(root, { recursive: true });
  await migrate(`sqlite:${draft}`);
  await rename(draft, template);
  return template;
}

/** The server for tests: one named by GATEHOUSE_TEST_POSTGRES_URL, or the one that the run has started. */
export function postgresServerUrl(database?: string): string {
  const url = new URL(process.env['GATEHOUSE_TEST_POSTGRES_URL'] ?? 'postgres://127.0.0.1/missing');
  if (database !== undefined) url.pathname = `/${database}`;
  return url.href;
}

async function asAdministrator<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: postgresServerUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function createPostgres(): Promise<FreshDatabase> {
  const name = `gatehouse_${randomBytes(6).toString('hex')}`;
  await asAdministrator(async (client) => {
    const template = await postgresTemplate(client);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return {
    url: postgresServerUrl(name),
    drop: () =>
      asAdministrator(async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

async function postgresTemplate(client: Client): Promise<string> {
  const name = `gatehouse_template_${migrationsHash('postgres')}`;
  const exists = async (): Promise<boolean> =>
    (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rows.length > 0;
  if (await exists()) return name;
  await client.query('SELECT pg_advisory_lock(48151623)');
  if (!(await exists())) {
    const draft = `gatehouse_draft_${randomBytes(6).toString('hex')}`;
    await client.query(`CREATE DATABASE ${draft} ENCODING 'UTF8' TEMPLATE template0`);
    await migrate(postgresServerUrl(draft));
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  }
  await client.query('SELECT pg_advisory_unlock(48151623)');
  return name;
}

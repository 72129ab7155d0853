import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { commands } from '#src/cli/commands';
import { programParts } from '#src/cli/parts';
import { runCli } from '#src/cli/run';
import { storageDefaults } from '#src/storage/storage';
import { sqliteDatabase } from '#test/support/databases';

sqliteDatabase('a start that cannot succeed ends with 1, one sentence and no stack:', (database) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bad-start-'));
    jest.replaceProperty(storageDefaults, 'busyTimeoutMs', 50);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);

  const run = async (argv: readonly string[], environment: Record<string, string>) => {
    const said: string[] = [];
    const note = (text: string): void => void said.push(text);
    const exitCode = await runCli(argv, {
      commands,
      io: { out: note, err: note, write: () => Promise.resolve(), isTerminal: false },
      parts: programParts,
      environment: {
        GATEHOUSE_SECRETS_FILE: path('secrets.json'),
        GATEHOUSE_LOG_LEVEL: 'silent',
        GATEHOUSE_DEMO_DATA: 'false',
        ...environment,
      },
    });
    const text = said.join('\n');
    expect(text).not.toMatch(/^\s+at |node_modules/m);
    return { exitCode, text };
  };
  const at = (name: string) => ({ GATEHOUSE_DATABASE_URL: `sqlite:${path(name)}` });

  it('a missing database file, which is not made', async () => {
    const { exitCode, text } = await run(['jobs', 'list'], at('missing.db'));
    expect([exitCode, text]).toEqual([
      1,
      `There is no database file ${path('missing.db')}. Run "gatehouse migrate" first. (STORAGE_NOT_MIGRATED)`,
    ]);
    const doctor = await run(['doctor'], at('missing.db'));
    expect(doctor.exitCode).toBe(1);
    expect(doctor.text).toMatch(/PROBLEM .* and \d+ more are not applied yet; run: gatehouse migrate$/);
    expect(existsSync(path('missing.db'))).toBe(false);
  });

  it.each([['serve'], ['migrate'], ['doctor'], ['token']])(
    'a file that is no database, which stays as it is: %s',
    async (command) => {
      const content = 'a text and no database. '.repeat(200);
      writeFileSync(path('text.db'), content);
      const { exitCode, text } = await run([command], at('text.db'));
      expect(exitCode).toBe(1);
      expect(text).toContain(`${path('text.db')} is not a database file, or it is damaged.`);
      expect(readFileSync(path('text.db'), 'utf8')).toBe(content);
    },
  );

  it.each([['serve'], ['migrate'], ['doctor'], ['token']])(
    'a file that another program holds: %s',
    async (command) => {
      const file = path(`locked-${command}.db`);
      copyFileSync(database.url().slice('sqlite:'.length), file);
      const other = new sqlite3.Database(file);
      await new Promise((done) => {
        other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE held (x); COMMIT', done);
      });
      const { exitCode, text } = await run([command], at(`locked-${command}.db`));
      await new Promise((done) => other.close(done));
      expect(exitCode).toBe(1);
      expect(text).toMatch(/is (locked|in use) by another program/);
    },
  );

  it('a port that is in use, with what can be done', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    const { exitCode, text } = await run(['serve', '--port', String(port)], {
      GATEHOUSE_DATABASE_URL: database.url(),
    });
    await new Promise((done) => other.close(done));
    expect([exitCode, text]).toEqual([
      1,
      `Configuration problem: http.port (127.0.0.1:${port}): port ${port} is already in use; stop the other program or choose another port with GATEHOUSE_PORT`,
    ]);
  });

  it('wrong values of the file and of variables, all in one list', async () => {
    writeFileSync(
      path('config.json'),
      '{ "http": { "port": "x" }, "nonsense": 1, "__proto__": { "polluted": true } }',
    );
    const environment = { GATEHOUSE_CONFIG: path('config.json'), GATEHOUSE_GRAPHQL_MAX_PAGE_SIZE: '-1' };
    const { exitCode, text } = await run(['serve'], environment);
    expect(exitCode).toBe(1);
    expect(text).toContain('The configuration has 4 problems:');
    for (const name of ['nonsense', '__proto__', 'http.port', 'graphql.maxPageSize'])
      expect(text).toMatch(new RegExp(`^  ${name} \\(`, 'm'));
    expect({}).not.toHaveProperty('polluted');
  });
});

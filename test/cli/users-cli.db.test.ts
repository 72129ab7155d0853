import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { commands } from '#src/cli/commands';
import { programParts, type CliApp } from '#src/cli/parts';
import { runCli } from '#src/cli/run';
import { sql, type Sql } from '#src/storage/sql';
import { decryptCases } from '#test/cli/cases/decrypt-cases';
import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';

sqliteDatabase('gatehouse users and jobs', (database) => {
  let folder: string;
  let test: TestApp;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'users-cli-'));
    test = await startTestApp(database);
  });
  afterAll(async () => {
    await test.close();
    rmSync(folder, { recursive: true });
  });

  const path = (name: string): string => join(folder, name);
  const run = async (...argv: string[]) => {
    const out: string[] = [];
    const err: string[] = [];
    const bytes: Buffer[] = [];
    const code = await runCli(argv, {
      commands,
      io: {
        out: (text) => void out.push(text),
        err: (text) => void err.push(text),
        write: (piece) => Promise.resolve(void bytes.push(piece)),
        isTerminal: false,
      },
      // One app for all commands: starting it is what takes time.
      parts: {
        ...programParts,
        migrate: () => Promise.resolve([]),
        createApp: () => Promise.resolve({ ...test.app, close: () => Promise.resolve() } as CliApp),
      },
      environment: {
        GATEHOUSE_DATABASE_URL: database.url(),
      },
    });
    return { code, out: out.join('\n'), err: err.join('\n'), bytes: Buffer.concat(bytes) };
  };

  it('says before the work that a file cannot be written, and leaves none behind', async () => {
    writeFileSync(path('one.json'), JSON.stringify([{ email: 'unwritten@example.com' }]));
    const nowhere = path('missing/x');
    for (const argv of [
      ['users', 'import', path('one.json'), '--errors', nowhere],
      ['users', 'convert', path('one.json'), '--out', nowhere],
      ['users', 'export', '--out', nowhere],
    ])
      expect(await run(...argv)).toMatchObject({
        code: 64,
        err: expect.stringContaining(`The file ${nowhere} cannot be written (ENOENT).`),
      });
    expect((await run('users', 'export', '--field', 'nonsense', '--out', path('none.ndjson'))).code).toBe(1);
    expect(readdirSync(folder)).not.toContain('none.ndjson');
  });

  it('1.10: users import ends with 0, 2, 1 or 64, and writes what failed', async () => {
    writeFileSync(
      path('two.json'),
      JSON.stringify([{ email: 'a@example.com' }, { email: 'b@example.com', user_metadata: { a: 1 } }]),
    );
    const dry = await run('users', 'import', path('two.json'), '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^job_\w{16} COMPLETED: 2 inserted, 0 updated, 0 skipped, 0 failed\.$/),
    });
    expect((await run('users', 'import', path('two.json'))).code).toBe(0);
    const again = await run('users', 'import', path('two.json'), '--errors', path('errors.ndjson'));
    expect(again).toMatchObject({ code: 2, out: expect.stringContaining('2 failed') });
    const [first] = readFileSync(path('errors.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(first).toMatchObject({
      index: 0,
      line: 1,
      errors: [{ code: 'CONFLICT_EMAIL', path: 'email' }],
      user: { email: 'a@example.com' },
    });
    writeFileSync(path('cut.json'), '[{"email":"c@example.com"},{');
    expect(await run('users', 'import', path('cut.json'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('IMPORT_FILE_INVALID'),
    });
    expect((await run('users', 'import', path('missing.json'))).code).toBe(64);
    expect((await run('users', 'import', path('two.json'), '--format', 'excel')).code).toBe(64);
    expect((await run('users', 'import')).code).toBe(64);
    expect(await run('users', 'import', path('two.json'), '--match', 'mail')).toMatchObject({
      code: 64,
      err: expect.stringContaining('email, user_id, username, external_id'),
    });
    expect((await run('users', 'import', path('two.json'), '--metadata', 'none')).code).toBe(64);
    const retried = await run('jobs', 'retry', again.out.split(' ')[0] as string);
    expect(retried).toMatchObject({ code: 2, out: expect.stringContaining('2 failed') });
  });

  it('1.10, 5: the end of an import tells the format, the passwords, the codes, and what to do next', async () => {
    const value = 'ec3bc5737807932dcba29041d57404b297c2e6dc2d67a42a756f0c90345deb5a';
    const hash = { algorithm: 'sha256', hash: { value, encoding: 'hex' }, salt: { value: 'abc123' } };
    const rows = [
      { email: 't1@tell.example', custom_password_hash: hash },
      { email: 't2@tell.example', password_reset_required: true },
      { email: 't3@tell.example', roles: ['None of that name'] },
      { email: 'bad@@tell.example' },
    ];
    writeFileSync(path('tell.ndjson'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const dry = await run('users', 'import', path('tell.ndjson'), '--dry-run');
    expect(dry.err).toContain('Read as native. Nothing was written: this was a dry run.');
    expect(dry.err).toMatch(/^Fields of the first \d+ rows?:\n {2}email → email \(\d+\)$/m);
    expect(dry.err).not.toContain('jobs retry');
    const real = await run('users', 'import', path('tell.ndjson'));
    expect(real).toMatchObject({ code: 2, out: expect.stringContaining('3 inserted') });
    for (const part of [
      'Passwords of the new users: 1 sha256, 2 without. One of them has to set a new one.',
      'INVALID_FORMAT: 1 row',
      'ROLE_NOT_FOUND: 1 row',
      'gatehouse jobs errors job_',
      'gatehouse jobs retry job_',
    ])
      expect(real.err).toContain(part);
    const id = real.out.split(' ')[0] as string;
    const errors = await run('jobs', 'errors', id);
    expect(errors.code).toBe(0);
    expect(JSON.parse(errors.out)).toMatchObject({ index: 3, line: 4, errors: [{ path: 'email' }] });
    const warnings = await run('jobs', 'errors', id, '--warnings');
    expect(JSON.parse(warnings.out)).toMatchObject({ index: 2, warnings: [{ code: 'ROLE_NOT_FOUND' }] });
    expect(await run('jobs', 'watch', id)).toMatchObject({ code: 2, out: real.out });
    // The three who came in do not stand in the way of the other tests.
    const store = test.app.storage.open();
    await store.transaction((inside) =>
      inside.execute(sql`DELETE FROM users WHERE email LIKE ${'%tell.example'}`),
    );
  });

  decryptCases(() => folder, run);

  it('3: users export writes a file that can be imported again', async () => {
    const exported = await run('users', 'export', '-o', path('all.ndjson'));
    expect(exported.code).toBe(0);
    const again = await run('users', 'import', path('all.ndjson'), '--upsert');
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 inserted, 0 updated, 3 skipped'),
    });
    const csv = await run(
      ...['users', 'export', '--format', 'csv', '--limit', '1'],
      ...['--field', 'email', '--field', 'identities[0].connection=provider'],
    );
    expect([csv.code, csv.out]).toEqual([0, '']);
    expect(csv.bytes.toString()).toMatch(/^"email","provider"\r\n"'[ab]@example.com","'main"\r\n$/);
    const packed = await run('users', 'export', '--gzip');
    expect(gunzipSync(packed.bytes).toString()).toBe(readFileSync(path('all.ndjson'), 'utf8'));
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect((await run('users', 'export', '--format', 'xml')).code).toBe(64);
    expect((await run('users', 'export', '-o', path('none/x'))).code).toBe(64);
    expect(await run('users', 'export', '--field', 'password')).toMatchObject({
      code: 1,
      err: expect.stringContaining('FIELD_NOT_ALLOWED: password'),
    });
  });

  it('3.3: an export that ends in the middle leaves the file as it was before', async () => {
    writeFileSync(path('kept.ndjson'), 'from before');
    writeFileSync(path('kept.ndjson.part'), 'of another end', { mode: 0o644 });
    const store = test.app.storage.open();
    const execute = (statement: Sql) => store.transaction((inside) => inside.execute(statement));
    await execute(sql`CREATE TRIGGER break_pieces AFTER INSERT ON export_parts
      BEGIN UPDATE export_parts SET content = 'H4sI' WHERE job_id = NEW.job_id; END`);
    expect((await run('users', 'export', '--out', path('kept.ndjson'))).code).toBe(1);
    await execute(sql`DROP TRIGGER break_pieces`);
    expect(readFileSync(path('kept.ndjson'), 'utf8')).toBe('from before');
    expect(readdirSync(folder).filter((name) => name.startsWith('kept'))).toEqual(['kept.ndjson']);
    symlinkSync(path('kept.ndjson'), path('linked.ndjson'));
    expect((await run('users', 'export', '--out', path('linked.ndjson'))).code).toBe(0);
    expect(readFileSync(path('kept.ndjson'), 'utf8')).toContain('a@example.com');
    expect(statSync(path('kept.ndjson')).mode & 0o077).toBe(0);
    expect((await run('users', 'export', '--out', '/dev/null')).code).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('1.10: jobs list, show and cancel', async () => {
    const list = await run('jobs', 'list', '--type', 'users_import');
    expect(list.code).toBe(0);
    const [line = ''] = list.out.split('\n');
    const [id = ''] = line.split(' ');
    expect(await run('jobs', 'show', id)).toMatchObject({
      code: 0,
      out: expect.stringContaining('processed:'),
    });
    expect(await run('jobs', 'cancel', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('JOB_FINISHED'),
    });
    for (const verb of ['show', 'watch', 'errors', 'retry', 'cancel'])
      expect((await run('jobs', verb, 'job_none')).code).toBe(1);
  });

  it('5.3: a Stormpath export is a folder: groups are roles, linked accounts are one user', async () => {
    const write = (name: string, value: object): void => {
      const file = path(join('stormpath', name));
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, JSON.stringify(value));
    };
    write('accounts/dir1/acc1.json', {
      id: 'acc1',
      email: 'jo@example.com',
      givenName: 'Jo',
      surname: null,
      status: 'ENABLED',
      directory: { id: 'dir1' },
    });
    write('accounts/dir2/acc2.json', {
      id: 'acc2',
      email: 'jo2@example.com',
      givenName: 'Other',
      surname: 'Ray',
      status: 'ENABLED',
      directory: { id: 'dir2' },
    });
    write('accounts/dir1/acc3.json', {
      id: 'acc3',
      email: 'mo@example.com',
      givenName: 'Mo',
      surname: 'X',
      status: 'DISABLED',
      directory: { id: 'dir1' },
    });
    write('groups/dir1/g1.json', { id: 'g1', name: 'Staff' });
    write('groupMemberships/m1.json', { account: { id: 'acc1' }, group: { id: 'g1' } });
    write('accountLinks/l1.json', { leftAccount: { id: 'acc1' }, rightAccount: { id: 'acc2' } });
    write('providers/dir2.json', { providerId: 'google' });
    write('apiKeys/k1.json', { account: { id: 'acc3' }, status: 'ENABLED', secret: 'SECRET' });
    const converted = await run(
      'users',
      'convert',
      path('stormpath'),
      '--format',
      'stormpath',
      '--out',
      path('native.ndjson'),
    );
    expect(converted).toMatchObject({ code: 0, out: 'STORMPATH: 2 converted, 0 skipped, 0 failed.' });
    const text = readFileSync(path('native.ndjson'), 'utf8');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.find((row) => row['user_id'] === 'stormpath|acc1')).toMatchObject({
      email: 'jo@example.com',
      given_name: 'Jo',
      family_name: 'Ray',
      roles: ['Staff'],
    });
    expect(rows.find((row) => row['user_id'] === 'stormpath|acc3')).toMatchObject({ blocked: true });
    expect(converted.err).toContain('API_KEYS_LEFT_OUT');
    expect(text).not.toContain('SECRET');
  });
});

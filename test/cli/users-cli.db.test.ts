import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '#src/cli/commands';
import { programParts, type CliApp } from '#src/cli/parts';
import { runCli } from '#src/cli/run';
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
    const code = await runCli(argv, {
      commands,
      io: { out: (text) => void out.push(text), err: (text) => void err.push(text), isTerminal: false },
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
    return { code, out: out.join('\n'), err: err.join('\n') };
  };

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
    const retried = await run('jobs', 'retry', again.out.split(' ')[0] as string);
    expect(retried).toMatchObject({ code: 2, out: expect.stringContaining('2 failed') });
  });

  it('3: users export writes a file that can be imported again', async () => {
    const exported = await run('users', 'export', '-o', path('all.ndjson'));
    expect(exported.code).toBe(0);
    const again = await run('users', 'import', path('all.ndjson'), '--upsert');
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 inserted, 0 updated, 3 skipped'),
    });
    const csv = await run(
      'users',
      'export',
      '--format',
      'csv',
      '--field',
      'email',
      '--field',
      'identities[0].connection=provider',
      '--limit',
      '1',
    );
    expect(csv).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^"email","provider"\r\n"'[ab]@example.com","'main"\r$/),
    });
    expect((await run('users', 'export', '--format', 'xml')).code).toBe(64);
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
    expect((await run('jobs', 'show', 'job_none')).code).toBe(64);
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

import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commonErrors } from '#src/shared/errors';
import { ConfigError } from '#src/config/config-error';
import { run } from '#test/cli/fake-parts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));

// The command listens for the signals of the test process; they are taken back after each test.
afterEach(() => {
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal);
});

describe('how the program is called', () => {
  it.each([[['--help']], [['migrate', '--help']]])('explains itself: %j', async (argv) => {
    const { exitCode, out } = await run(argv);
    expect(exitCode).toBe(0);
    expect(out).toContain('Usage: gatehouse');
  });

  it('lists its commands, and says what each is for', async () => {
    const { out } = await run(['--help']);
    const list = out.slice(out.indexOf('Commands:') + 'Commands:'.length);
    for (const name of ['serve', 'migrate', 'doctor', 'schema', 'init', 'keys', 'users', 'jobs'])
      expect(list).toMatch(new RegExp(`^  ${name} .*\\w+\\.$`, 'm'));
    expect(list.split('\n').filter((line) => /^ {2}\S+( \S+)*$/.test(line))).toEqual([]);
  });

  it.each([
    [['serv']],
    [['serve', '--prot', '1']],
    [['serve', '--port']],
    [['migrate', 'now']],
    [['init']],
    [['jobs', 'list', '--status', 'nonsense']],
    [['init', '--secrets', join(folder, 'unused.json'), '--email', 'nobody']],
  ])('ends with 64 for %j and prints a hint', async (argv) => {
    const { exitCode, err, calls } = await run(argv);
    expect(exitCode).toBe(64);
    expect(err).toContain('--help');
    expect(calls).toEqual([]);
  });
});

describe('failures', () => {
  it('of configuration are listed together, without a stack, and end with 1', async () => {
    const { exitCode, err, calls } = await run(['serve'], {
      environment: { GATEHOUSE_PORT: 'x', GATEHOUSE_PROT: '1' },
    });
    expect(exitCode).toBe(1);
    expect(err).toContain('The configuration has 2 problems:');
    expect(err).not.toContain('    at ');
    expect(calls).toEqual([]);
  });

  it('of ours are one sentence with a code', async () => {
    const parts = { migrate: () => Promise.reject(commonErrors.STORAGE_BUSY()) };
    const { exitCode, err } = await run(['migrate'], { parts });
    expect([exitCode, err]).toEqual([1, 'The database is busy. Nothing was written; retry. (STORAGE_BUSY)']);
  });

  it.each([
    [['schema', '--out', join(folder, 'missing', 'x.graphql')], 'ENOENT'],
    [['migration', 'source', 'set', 'main', '--file', join(folder, 'none.json')], 'ENOENT'],
    [['init', '--secrets', join(folder, 'a-file', 'secrets.json')], 'ENOTDIR|EEXIST'],
    [['mail'], 'ENOTDIR'],
  ])('of the file system name the file, without a stack: %j', async (argv, code) => {
    writeFileSync(join(folder, 'a-file'), '');
    const environment = { GATEHOUSE_MAIL_FOLDER: join(folder, 'a-file') };
    const { exitCode, err } = await run(argv, { environment });
    expect(exitCode).toBe(1);
    expect(err).toMatch(new RegExp(`^(${code}): .*'${folder}/.*\\.$`));
  });

  it('that nobody foresaw end with 1 too', async () => {
    const { exitCode, err } = await run(['schema'], {
      parts: { printSchema: () => Promise.reject(new Error('oh')) },
    });
    expect(exitCode).toBe(1);
    expect(err).toContain('oh');
  });
});

describe('serve', () => {
  it('migrates, loads the demo data, listens and prints address, token and a query', async () => {
    const { exitCode, out, calls } = await run(['serve']);
    expect(exitCode).toBe(0);
    expect(calls).toEqual([
      'migrate sqlite:./data/gatehouse.db',
      'createApp',
      'loadDemoData',
      'listen',
      'administratorToken',
    ]);
    expect(out).toContain('http://127.0.0.1:4000/graphiql');
    expect(out.split('\n')).toContain('the-token');
    expect(out).toContain('query FirstLook {');
  });

  it('prints no token and loads nothing outside development', async () => {
    const file = join(folder, 'production.json');
    await run(['init', '--secrets', file, '--no-administrator']);
    const environment = { NODE_ENV: 'production', GATEHOUSE_SECRETS_FILE: file };
    const { exitCode, out, calls } = await run(['serve'], { environment });
    expect([exitCode, out, calls]).toEqual([0, '', ['createApp', 'listen']]);
  });

  it('lets its flags win over the environment', async () => {
    let port = 0;
    const { exitCode } = await run(['serve', '--port', '4999'], {
      environment: { GATEHOUSE_PORT: '1' },
      parts: {
        createApp: (config) => {
          port = config.http.port;
          return Promise.reject(new Error('stop'));
        },
      },
    });
    expect([exitCode, port]).toEqual([1, 4999]);
  });

  it('closes what it opened when it cannot listen, and says why', async () => {
    const problem = { key: 'http.port', source: '127.0.0.1:4000', problem: 'port 4000 is already in use' };
    const { exitCode, err, calls } = await run(['serve'], {
      app: { http: { listen: () => Promise.reject(new ConfigError([problem])) } },
    });
    expect([exitCode, calls.at(-1)]).toEqual([1, 'close']);
    expect(err).toBe('Configuration problem: http.port (127.0.0.1:4000): port 4000 is already in use');
  });
});

describe('migrate', () => {
  it('tells what it applied, took back, or did not have to do', async () => {
    expect((await run(['migrate'])).out).toBe('Applied Foundation0001.');
    expect((await run(['migrate', '--revert'])).out).toBe('Reverted Foundation0001.');
    const idle = { migrate: () => Promise.resolve([]), revert: () => Promise.resolve(null) };
    expect((await run(['migrate'], { parts: idle })).out).toBe('The database is up to date.');
    expect((await run(['migrate', '--revert'], { parts: idle })).out).toBe('No migration is applied.');
  });

  it('reads the file named by --config', async () => {
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify({ database: { url: 'sqlite:other.db' } }));
    expect((await run(['--config', file, 'migrate'])).calls).toEqual(['migrate sqlite:other.db']);
  });
});

describe('doctor', () => {
  it('ends with 0 when all is well', async () => {
    const { exitCode, out, calls } = await run(['doctor']);
    expect(exitCode).toBe(0);
    expect(out.split('\n').map((line) => line.slice(0, 2))).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(calls).toEqual(['pendingMigrations', 'createApp', 'ping', 'missingKeys', 'close']);
  });

  it('names keys that stored values need and the secrets file no longer has', async () => {
    const missing = [
      { kind: 'PEPPER', kid: '2026', count: 12 },
      { kind: 'ENCRYPTION', kid: 'abc', count: 3 },
    ] as const;
    const { exitCode, out } = await run(['doctor'], {
      app: { missingKeys: () => Promise.resolve(missing) },
    });
    expect(exitCode).toBe(1);
    expect(out).toContain(
      'PROBLEM keys of what is stored: the secrets file has no pepper "2026" (password hashes that need it: 12)',
    );
    expect(out).toContain('no encryption key "abc" (stored secrets that need it: 3)');
  });

  it('names outstanding migrations and what to run', async () => {
    const { exitCode, out } = await run(['doctor'], {
      parts: { pendingMigrations: () => Promise.resolve(['Next0002']) },
    });
    expect(exitCode).toBe(1);
    expect(out).toContain('Next0002 not applied yet; run: gatehouse migrate');
  });

  it('reads the whole database when it is asked to, and names the damage', async () => {
    const damages = ['row 7 missing from index ix_users__email', 'Page 12 is never used'];
    const { exitCode, out } = await run(['doctor', '--integrity'], {
      parts: { integrityProblems: () => Promise.resolve(damages) },
    });
    expect(exitCode).toBe(1);
    expect(out).toContain(`PROBLEM integrity of the database: ${damages.join('; ')}. Restore a backup`);
    const sound = await run(['doctor', '--integrity']);
    expect([sound.exitCode, sound.calls.includes('integrityProblems')]).toEqual([0, true]);
  });

  it('names what stops the start', async () => {
    const { exitCode, out } = await run(['doctor'], {
      parts: { createApp: () => Promise.reject(new Error('User.email has no rule')) },
    });
    expect(exitCode).toBe(1);
    expect(out).toContain('PROBLEM keys, schema and access rules: User.email has no rule');
  });

  it('prints the reference of all keys', async () => {
    expect((await run(['doctor', '--print-config-reference'])).out).toContain(
      '| `http.port` | `GATEHOUSE_PORT` | 4000 |',
    );
  });
});

describe('schema', () => {
  it('prints the SDL or writes it to a file, ending in one line break', async () => {
    expect((await run(['schema'])).out).toBe('type Query {\n  ok: Boolean\n}');
    const file = join(folder, 'schema.graphql');
    const { out } = await run(['schema', '--out', file]);
    expect([out, readFileSync(file, 'utf8')]).toEqual(['', 'type Query {\n  ok: Boolean\n}\n']);
  });
});

describe('init', () => {
  it('writes keys for their owner alone and makes one administrator', async () => {
    const file = join(folder, 'new', 'secrets.json');
    const environment = { NODE_ENV: 'production' };
    const first = await run(['init', '--secrets', file, '--email', 'root@example.com'], { environment });
    expect(first.exitCode).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(first.out).toContain('Password, shown this once: once');
    expect(first.calls).toEqual([
      'migrate sqlite:./data/gatehouse.db',
      'createApp',
      'createFirstAdministrator root@example.com',
      'close',
    ]);
  });

  it('keeps keys that exist, and fails when there is nothing left to make', async () => {
    const file = join(folder, 'kept.json');
    await run(['init', '--secrets', file, '--no-administrator']);
    const content = readFileSync(file, 'utf8');
    const again = await run(['init', '--secrets', file], {
      app: { createFirstAdministrator: () => Promise.resolve(null) },
    });
    expect(again.exitCode).toBe(1);
    expect(again.out).toContain('exists already and is kept');
    expect(readFileSync(file, 'utf8')).toBe(content);
  });
});

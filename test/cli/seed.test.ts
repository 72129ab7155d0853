import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '#src/cli/run';
import type { CliParts } from '#src/cli/parts';
import { seedCommand } from '#src/cli/seed';
import { generateSecrets } from '#src/config/open-secrets';
import { writeSecretsFile } from '#src/config/secrets-file';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-seed-'));

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command where no database may be touched: its parts fail the test. */
async function run(argv: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const untouched = (): Promise<never> => Promise.reject(new Error('The database was touched.'));
  const parts: CliParts = {
    createApp: untouched,
    migrate: untouched,
    revert: untouched,
    pendingMigrations: untouched,
    integrityProblems: untouched,
    printSchema: untouched,
  };
  const io = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    write: () => Promise.resolve(),
    isTerminal: false,
  };
  const exitCode = await runCli(['seed', ...argv], { commands: [seedCommand], io, parts, environment });
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('gatehouse seed', () => {
  it.each([
    [[]],
    [['--users', '0']],
    [['--users', '-5']],
    [['--users', '1.5']],
    [['--users', 'many']],
    [['--users', '100000001']],
    [['--users', '5', '--file', 'x.json']],
    [['--users']],
  ])('ends with 64 for %j, before anything is touched', async (argv) => {
    const { exitCode, err } = await run(argv);
    expect(exitCode).toBe(64);
    expect(err).toContain('--help');
  });

  it.each([
    ['is missing', join(folder, 'missing.json'), 'cannot be read'],
    ['is not JSON', file('broken.json', '[{"user_id": '), 'it is not JSON'],
    ['holds no array', file('object.json', '{"users": []}'), 'must hold a JSON array'],
  ])('ends with 1 and one sentence when the file %s', async (_, path, sentence) => {
    const { exitCode, err } = await run(['--file', path]);
    expect(exitCode).toBe(1);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  });

  it('loads files in the development profile alone', async () => {
    const path = file('empty.json', '[]');
    const secrets = join(folder, 'secrets.json');
    writeSecretsFile(secrets, await generateSecrets('production'));
    const { exitCode, err } = await run(['--file', path], {
      GATEHOUSE_PROFILE: 'production',
      GATEHOUSE_ISSUER: 'https://id.example.com',
      GATEHOUSE_SECRETS_FILE: secrets,
    });
    expect(exitCode).toBe(64);
    expect(err).toContain('development profile');
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '#src/cli/run';
import { programParts } from '#src/cli/parts';
import { seedCommand } from '#src/cli/seed';
import { eachDatabase } from '#test/support/databases';
import { profiles } from '#test/cli/seed/profiles';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-seed-'));

eachDatabase('gatehouse seed', (database) => {
  async function run(...argv: string[]): Promise<{ exitCode: number; out: string; err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
      write: () => Promise.resolve(),
      isTerminal: false,
    };
    const environment = {
      GATEHOUSE_DATABASE_URL: database.url(),
      GATEHOUSE_SECRETS_FILE: join(folder, 'secrets.json'),
    };
    const parts = programParts;
    const exitCode = await runCli(['seed', ...argv], { commands: [seedCommand], io, parts, environment });
    return { exitCode, out: out.join('\n'), err: err.join('\n') };
  }

  it('loads a file, and tells what it left out', async () => {
    const file = join(folder, `${database.name}.json`);
    writeFileSync(file, JSON.stringify(profiles));
    expect(await run('--file', file)).toEqual({
      exitCode: 0,
      out: 'Loaded 5 users and created 2 organizations.',
      err: 'Left out "tenant" of 1 users: the gateway does not store it.',
    });
  });

  it('refuses to generate users beside others', async () => {
    const { exitCode, err } = await run('--users', '5');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^The database holds users already.*\(SEED_NOT_EMPTY\)$/);
  });
});

eachDatabase('gatehouse seed --users', (database) => {
  it('generates users and shows no progress in a pipe', async () => {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
      write: () => Promise.resolve(),
      isTerminal: false,
    };
    const environment = {
      GATEHOUSE_DATABASE_URL: database.url(),
      GATEHOUSE_SECRETS_FILE: join(folder, 'secrets.json'),
    };
    const commands = [seedCommand];
    const argv = ['seed', '--users', '120', '--seed', 'other'];
    expect(await runCli(argv, { commands, io, parts: programParts, environment })).toBe(0);
    expect(out.join()).toMatch(/^Made 120 users, 2 organizations and 20 roles in [0-9.]+ s\.$/);
    expect(err).toEqual([]);
  });
});

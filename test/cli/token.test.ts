import type { CliParts } from '#src/cli/parts';
import { runCli } from '#src/cli/run';
import { tokenCommand } from '#src/cli/token';
import { commonErrors } from '#src/shared/errors';

interface Ran {
  readonly exitCode: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly grants: readonly unknown[];
}

/** Runs the command with an app that only notes what it was to sign. */
async function run(argv: readonly string[], refuse?: Error): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const grants: unknown[] = [];
  const issueToken = (grant: unknown): Promise<{ token: string }> => {
    grants.push(grant);
    return refuse ? Promise.reject(refuse) : Promise.resolve({ token: 'the.signed.token' });
  };
  const app = { product: { issueToken }, close: () => Promise.resolve() };
  const exitCode = await runCli(['token', ...argv], {
    commands: [tokenCommand],
    io: {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      write: () => Promise.resolve(),
      isTerminal: false,
    },
    parts: { createApp: () => Promise.resolve(app) } as unknown as CliParts,
    environment: {},
  });
  return { exitCode, out, err, grants };
}

describe('gatehouse token', () => {
  it('prints nothing but the token of a machine named cli, which holds exactly what is named', async () => {
    const { exitCode, out, grants } = await run([
      '--permissions',
      'read:users, read:roles',
      '--roles',
      'support',
    ]);
    expect([exitCode, out]).toEqual([0, ['the.signed.token']]);
    expect(grants).toEqual([
      {
        subject: 'cli',
        clientId: 'cli',
        permissions: ['read:users', 'read:roles'],
        roles: ['support'],
        lifetimeSeconds: 3_600,
      },
    ]);
  });

  it('gives a machine nothing that is not named', async () => {
    const { out, err, grants } = await run([]);
    expect(grants).toEqual([expect.objectContaining({ permissions: [], roles: [] })]);
    expect([out.length, err.join()]).toEqual([1, expect.stringContaining('may do nothing')]);
    expect((await run(['--user', 'auth0|1'])).err).toEqual([]);
  });

  it('bounds a user’s token by what is named, and by nothing when nothing is', async () => {
    const { grants } = await run(['--user', 'auth0|1', '--organization', 'org_1', '--ttl', '60']);
    expect(grants).toEqual([
      {
        subject: 'auth0|1',
        clientId: 'cli',
        permissions: 'all',
        roles: 'all',
        lifetimeSeconds: 60,
        organizationId: 'org_1',
      },
    ]);
    const bounded = await run(['--user', 'auth0|1', '--permissions', 'read:users', '--roles', '']);
    expect(bounded.grants).toEqual([expect.objectContaining({ permissions: ['read:users'], roles: [] })]);
  });

  it.each([
    [['--ttl', '0']],
    [['--ttl', '86401']],
    [['--ttl', '1.5']],
    [['--ttl', 'day']],
    [['--permissions', 'read:users,,read:roles']],
    [['--user', 'cli']],
    [['--scope', 'x']],
  ])('ends with 64 for %j and signs nothing', async (argv) => {
    const { exitCode, out, err, grants } = await run(argv);
    expect([exitCode, out, grants]).toEqual([64, [], []]);
    expect(err.join('\n')).toContain('--help');
  });

  it('takes a day at most', async () => {
    expect((await run(['--ttl', '86400'])).exitCode).toBe(0);
  });

  it('says why a token is refused', async () => {
    const refusal = commonErrors.VALIDATION_FAILED({ message: 'There is no such user.' });
    const { exitCode, out, err } = await run(['--user', 'auth0|nobody'], refusal);
    expect([exitCode, out, err]).toEqual([1, [], ['There is no such user. (VALIDATION_FAILED)']]);
  });
});

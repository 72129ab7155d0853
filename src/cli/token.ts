import type { TokenGrant } from '#src/features/sessions/tokens/access-token';
import { exitCodes, UsageError, type CliCommand } from './command';
import type { CliApp } from './parts';

/** What this command uses of the app. */
interface TokenApp extends CliApp {
  readonly product: {
    readonly issueToken: (grant: TokenGrant) => Promise<{ readonly token: string }>;
  };
}

const clientId = 'cli';
const usualSeconds = 3_600;
const mostSeconds = 86_400;

export const tokenCommand: CliCommand = {
  name: 'token',
  summary: 'Print an access token for a user or, without --user, for a machine named "cli".',
  examples: [
    'token --permissions read:users,read:roles --ttl 600',
    "token --user 'auth0|0123456789abcdef01234567'",
  ],
  define: (command) =>
    void command
      .option('--user <id>', 'the user that the token speaks for')
      .option(
        '--permissions <names>',
        'names separated by commas; for a user the most that is in force (all when absent), for a machine what it may do (nothing when absent)',
      )
      .option('--roles <names>', 'names of roles separated by commas, likewise')
      .option('--organization <id>', 'bind the token to this organization')
      .option('--ttl <seconds>', `lifetime, from 1 to ${mostSeconds}`, String(usualSeconds)),
  async run(options, { io, loadConfig, withApp }) {
    const { user, permissions, roles, organization, ttl } = options as Readonly<
      Record<string, string | undefined>
    >;
    // Whoever names nothing gets all of a user's rights, and none of a machine's.
    const unnamed = user === undefined ? [] : 'all';
    const grant: TokenGrant = {
      subject: user ?? clientId,
      clientId,
      permissions: permissions === undefined ? unnamed : namesIn(permissions, '--permissions'),
      roles: roles === undefined ? unnamed : namesIn(roles, '--roles'),
      lifetimeSeconds: secondsIn(ttl ?? ''),
      ...(organization !== undefined && { organizationId: organization }),
    };
    if (user === clientId) throw new UsageError(`"${clientId}" is the name of the machine, not of a user.`);
    const { token } = await withApp(loadConfig(), (app) => (app as TokenApp).product.issueToken(grant));
    io.out(token);
    const isEmpty = user === undefined && grant.permissions.length === 0 && grant.roles.length === 0;
    if (isEmpty) io.err('This token may do nothing: name --permissions or --roles, or a --user.');
    return exitCodes.done;
  },
};

function namesIn(text: string, option: string): readonly string[] {
  if (text.trim() === '') return [];
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new UsageError(`${option} has an empty name between its commas.`);
  return [...new Set(names)];
}

function secondsIn(text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= mostSeconds) return seconds;
  throw new UsageError(`--ttl takes a whole number of seconds from 1 to ${mostSeconds}.`);
}

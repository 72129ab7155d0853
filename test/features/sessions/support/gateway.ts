import 'reflect-metadata';
import '#test/support/all-entities';
import type { Call } from '#src/access/call';
import { principal, type PrincipalFields } from '#src/access/principal';
import { loadConfig } from '#src/config/load-config';
import type { DerivedKey } from '#src/config/open-secrets';
import type { SessionsConfig } from '#src/config/sessions';
import { startAudit } from '#src/features/audit/audit.feature';
import { startApplications } from '#src/features/applications/applications.feature';
import { startConnections } from '#src/features/connections/connections.feature';
import { metadataPermissions } from '#src/features/metadata/metadata.permissions';
import { startMail } from '#src/features/mail/mail.feature';
import { startOrganizations } from '#src/features/organizations/organizations.feature';
import { startRoles } from '#src/features/roles/roles.feature';
import type { SignedIn, SignedInOutcome } from '#src/features/sessions/session.service';
import { startSessions } from '#src/features/sessions/sessions.feature';
import type { NewUser } from '#src/features/users/changes/create-user';
import { startUsers } from '#src/features/users/users.feature';
import type { Credentials } from '#src/graphql/authenticate';
import { startBackground, stopBackground } from '#src/jobs/background';
import { randomIds } from '#src/shared/ids';
import { silentLogger, type Logger } from '#src/shared/logger';
import { Secret } from '#src/shared/secret';
import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';
import { startGuards } from '#test/features/sessions/support/guards';
import { makeKey, movableClock } from '#test/features/sessions/tokens/token-fixture';
import { createOutbound } from '#src/http/outbound';
import type { TestDatabase } from '#test/support/databases';

/** An answer as it came: tests look into it freely. */
export type Json = ReturnType<typeof JSON.parse>;

export const password = 'correct horse battery';
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

const mailKey = { kid: 'test', key: Buffer.alloc(32, 3) };
const signingKey = makeKey('ES256');
export const policy = { version: 1, rules: [], blacklist: [] };

export interface GatewayOptions {
  readonly sessions?: Partial<SessionsConfig>;
  readonly logger?: Logger;
  readonly peppers?: readonly DerivedKey[];
  readonly storage?: (storage: Storage) => Storage;
}

/** The features up to sessions on one database, with a clock that the test moves. */
export async function openGateway(database: TestDatabase, options: GatewayOptions = {}) {
  const opened = await database.open();
  const storage = options.storage?.(opened) ?? opened;
  const clock = movableClock();
  const defaults = loadConfig({ environment: {} });
  const config = { ...defaults, sessions: { ...defaults.sessions, ...options.sessions } };
  const logger = options.logger ?? silentLogger;
  const platform = { config, storage, clock, ids: randomIds, logger, policies: {} as never };
  const secrets = {
    signing: [{ ...signingKey, createdAt: 0, privateJwk: new Secret(signingKey.privateJwk) }],
    ring: () => [mailKey],
  };
  const audit = startAudit();
  const connections = startConnections(platform);
  const users = startUsers({ ...audit, ...connections }, { gravatar: true, initialsBaseUrl: '' });
  const roles = startRoles(platform, { ...audit, ...users }, config.roles);
  const applications = startApplications(platform, { ...audit, ...roles });
  const outbound = createOutbound(config.outbound);
  const services = { ...audit, ...connections, ...users, outbound };
  const { attackProtection, passwords } = startGuards(platform, services, options.peppers);
  const organizations = startOrganizations(platform, {
    ...audit,
    ...attackProtection,
    ...connections,
    ...users,
    ...roles,
    ...applications,
    metadata: {} as never,
  });
  const mail = startMail({ mail: config.mail, profile: 'development' }, { ring: () => [mailKey] });
  const sessions = startSessions(platform, secrets, {
    ...mail,
    ...attackProtection,
    ...passwords,
    ...audit,
    ...connections,
    ...users,
    ...applications,
    ...{ ...organizations, outbound },
  });
  const others = { name: 'others', resolvers: [], permissions: metadataPermissions };
  const parts = [audit, connections, users, others, roles, applications, organizations, passwords, sessions];
  const permissions = Object.assign({}, ...parts.map((part) => part.permissions ?? {})) as Record<
    string,
    string
  >;
  const start = storage.open();
  await connections.connections.ensureDefault(start);
  await roles.synchronisePermissionCatalogue(start, permissions);

  const call = (caller: Partial<PrincipalFields> = {}): Call => ({
    requestId: 'test',
    principal: principal({
      kind: 'machine',
      userId: null,
      subject: 'operator',
      sessionId: null,
      organizationId: null,
      permissions: Object.keys(permissions),
      roles: [],
      acr: null,
      authenticatedAt: null,
      ...caller,
    }),
    policy,
    store: storage.open(),
    clock,
    ids: randomIds,
    logger,
  });

  const permissionIds = async (names: readonly string[]): Promise<string[]> => {
    const rows = await storage.open().query<{ id: string; name: string }>(
      sql`SELECT p.id AS id, p.name AS name FROM permissions p
        JOIN resource_servers s ON s.id = p.resource_server_id WHERE s.identifier = ${'urn:gatehouse:api'}`,
      { id: 'text', name: 'text' },
    );
    return rows.filter((row) => names.includes(row.name)).map((row) => row.id);
  };

  return {
    storage,
    clock,
    config,
    parts,
    users: users.users,
    roles: roles.roles,
    assignments: roles.assignments,
    applications,
    organizations: organizations.organizations,
    memberships: organizations.memberships,
    memberRoles: organizations.memberRoles,
    organizationConnections: organizations.organizationConnections,
    sessions: sessions.sessions,
    passwords: passwords.passwords,
    feature: sessions,
    start: () => startBackground([sessions]),
    close: () => stopBackground([sessions]),
    call,
    /** Recognises a caller; says with how many statements. */
    async recognise(credentials: Partial<Credentials>) {
      const store = storage.open();
      const found = await sessions.authenticate(
        { authorization: undefined, sessionCookie: undefined, ...credentials },
        store,
      );
      return { ...found, statements: store.statements };
    },
    /** A user of connection `main` who can sign in with `password`. */
    async givenUser(email: string, more: Partial<NewUser> = {}): Promise<string> {
      return (await users.users.create(call(), { email, password, ...more })).id;
    },
    async givenRole(name: string, names: readonly string[] = []): Promise<string> {
      const role = await roles.roles.create(call(), { name, permissionIds: await permissionIds(names) });
      return role.id;
    },
    permissionIds,
    /** Signs in; answers the session with its secret. */
    async signIn(identifier: string, more: { ip?: string; cookie?: string; userAgent?: string } = {}) {
      const outcome = await sessions.sessions.signIn(
        call({ kind: 'anonymous', subject: 'anonymous', permissions: [] }),
        { identifier, password },
        {
          ip: more.ip ?? '192.0.2.1',
          userAgent: more.userAgent ?? 'Browser/1.0',
          sessionCookie: more.cookie,
          cookieMode: 'persistent',
        },
      );
      return loggedIn(outcome);
    },
    async rows(table: string, columns: string): Promise<Json[]> {
      const names = columns.split(' ');
      const kinds = Object.fromEntries(names.map((name) => [name, 'text'])) as Record<string, 'text'>;
      return storage
        .open()
        .query<Json>(sql`SELECT ${sql.raw(names.join(', '))} FROM ${sql.raw(table)}`, kinds);
    },
  };
}

/** The session of a sign-in that nothing stands in the way of. */
export function loggedIn(outcome: SignedInOutcome): SignedIn {
  if (outcome.kind !== 'LOGGED_IN') throw new Error(`The sign-in ended with ${outcome.kind}.`);
  return outcome;
}

export type Gateway = Awaited<ReturnType<typeof openGateway>>;

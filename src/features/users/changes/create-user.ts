import type { Call } from '#src/access/call';
import { assertWritable } from '#src/access/write-gate';
import type { AuditService } from '#src/features/audit/audit.service';
import type { Connection, ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import { checkProfile } from '#src/features/users/profile/check-profile';
import { requireIdentifier, reserveIdentifiers } from '#src/features/users/identifiers/login-identifiers';
import { withSources, type SourceKind } from '#src/features/users/profile/attribute-sources';
import {
  attributePaths,
  profileKeys,
  profileOf,
  type Profile,
  type ProfileChange,
} from '#src/features/users/profile/profile';
import type { PasswordOwner, UserHooks } from '#src/features/users/user-hooks';
import { findUsers, insertUser } from '#src/features/users/user.repository';
import type { UserRow } from '#src/features/users/user-row';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface UserDependencies {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly hooks: UserHooks;
}

export interface NewUser extends ProfileChange {
  /** Name of the connection; default `main`. */
  readonly connection?: string | null;
  /** Id at the identity provider, the part of the user id behind the strategy; made up when absent. */
  readonly providerUserId?: string | null;
  readonly blocked?: boolean | null;
  readonly password?: string | null;
  readonly userMetadata?: unknown;
  readonly appMetadata?: unknown;
  /** Attributes of a provider that have no column. */
  readonly attributes?: Readonly<Record<string, unknown>> | null;
}

const longestProviderUserId = 255;

/** A user that was checked and whose password was hashed, ready to be written. */
export interface PreparedUser {
  readonly input: NewUser;
  readonly profile: Profile;
  readonly connection: Connection;
  readonly passwordHash: string | null;
}

/** Creates a user with its primary identity and metadata in one transaction; answers the row. */
export async function createUser(
  dependencies: UserDependencies,
  call: Call,
  input: NewUser,
): Promise<UserRow> {
  if (call.principal.organizationId !== null) {
    // SECURITY: a taken address would tell a caller bound to an organization about users outside it.
    throw commonErrors.FORBIDDEN({
      message: 'Users are created by callers that are not bound to an organization.',
    });
  }
  const prepared = await prepareUser(dependencies, call, input);
  const user = await call.store.transaction((store) =>
    createPreparedUser(dependencies, store, call, prepared),
  );
  dependencies.hooks.committed.forEach((listener) => listener(user.id));
  return user;
}

/** Checks a new user and hashes the password, which is slow: belongs before the transaction. */
export async function prepareUser(
  dependencies: UserDependencies,
  call: Call,
  input: NewUser,
): Promise<PreparedUser> {
  const connection = await requireUsable(dependencies, call, input.connection ?? undefined);
  const profile = checkNewProfile(call, input, connection);
  const owner = { connection, profile };
  const passwordHash = await hashPassword(dependencies.hooks, call, input.password, owner);
  return { input, profile, connection, passwordHash };
}

/** Writes a prepared user, inside the transaction of `store`. Who may make users, and where, the caller of this has decided. */
export async function createPreparedUser(
  dependencies: UserDependencies,
  store: Store,
  call: Call,
  { input, profile, connection, passwordHash }: PreparedUser,
): Promise<UserRow> {
  const created = await insertNewUser(dependencies, store, call, { input, profile, connection });
  if (passwordHash !== null) await dependencies.hooks.passwords?.save(store, call, created.id, passwordHash);
  await dependencies.audit.record(store, call, {
    action: 'user.create',
    targetType: 'User',
    targetId: created.id,
    changedPaths: writtenPaths(input),
  });
  return created;
}

async function requireUsable(
  { connections }: UserDependencies,
  call: Call,
  name?: string,
): Promise<Connection> {
  const connection = await connections.require(call.store, name);
  if (connection.isEnabled) return connection;
  throw commonErrors.VALIDATION_FAILED({
    message: 'This connection is switched off.',
    extensions: { field: 'connection' },
  });
}

function checkNewProfile(call: Call, input: NewUser, connection: Connection): Profile {
  assertWritable(call, writtenPaths(input), {
    ownerId: null,
    connections: [connection.name],
    strategies: [connection.strategy],
    organizations: call.principal.organizationId === null ? [] : [call.principal.organizationId],
  });
  const given = profileOf(input);
  const profile = profileOf(checkProfile(given, connection));
  requireIdentifier(profile, connection);
  return {
    ...profile,
    emailVerified: profile.emailVerified ?? (profile.email === null ? null : false),
    phoneVerified: profile.phoneVerified ?? (profile.phoneNumber === null ? null : false),
  };
}

/** The attribute paths that the input names; null counts, absent does not. */
function writtenPaths(input: NewUser): string[] {
  const paths = profileKeys
    .filter((key) => input[key] !== undefined && input[key] !== null)
    .map((key) => attributePaths[key]);
  if (input.blocked === true) paths.push('blocked');
  return paths;
}

async function hashPassword(
  hooks: UserHooks,
  call: Call,
  password: string | null | undefined,
  owner: PasswordOwner,
): Promise<string | null> {
  if (password === null || password === undefined) return null;
  if (hooks.passwords && strategyKind(owner.connection.strategy) === 'DATABASE')
    return hooks.passwords.hash(call, password, owner);
  throw commonErrors.VALIDATION_FAILED({
    message: 'Users of this connection have no password here.',
    extensions: { field: 'password' },
  });
}

interface Creation {
  readonly input: Pick<
    NewUser,
    'providerUserId' | 'blocked' | 'attributes' | 'userMetadata' | 'appMetadata'
  > & {
    /** The identity exists already, as that of another user. */
    readonly isKnownIdentity?: boolean;
  };
  readonly profile: Profile;
  readonly connection: Connection;
  /** Who says what the profile holds; absent: a caller of this gateway. */
  readonly source?: SourceKind;
}

/** Inserts the row, its identifiers and what later features add. Runs inside a transaction and writes no audit record. */
export async function insertNewUser(
  { hooks }: UserDependencies,
  store: Store,
  call: Call,
  { input, profile, connection, source = 'LOCAL' }: Creation,
): Promise<UserRow> {
  const providerUserId = providerUserIdOf(input, connection, () => call.ids.nextUserPart());
  const record = {
    ...profile,
    connection: connection.name,
    blocked: input.blocked ?? false,
    attributes: input.attributes ?? null,
    attributeSources: withSources(
      null,
      profileKeys.filter((key) => profile[key] !== null),
      { source, connection: source === 'PROVIDER' ? connection.name : null, at: call.clock.now() },
    ),
    now: call.clock.now(),
  };
  let id = `${connection.strategy}|${providerUserId}`;
  let isNew = await insertUser(store, { ...record, id });
  // A user whose primary identity was changed keeps the id that was made of the former one; whoever comes by that identity gets another.
  if (!isNew && (source === 'PROVIDER' || input.isKnownIdentity === true)) {
    id = `${connection.strategy}|${call.ids.nextUserPart()}`;
    isNew = await insertUser(store, { ...record, id });
  }
  if (!isNew) {
    throw commonErrors.CONFLICT({ message: 'A user with this id exists.', extensions: { field: 'userId' } });
  }
  await reserveIdentifiers(store, call, { id, connection, profile });
  const [user] = await findUsers(store, [id], null);
  for (const listener of hooks.created) {
    await listener(store, call, user as UserRow, {
      providerUserId,
      strategy: connection.strategy,
      isKnownIdentity: input.isKnownIdentity ?? false,
      userMetadata: input.userMetadata ?? null,
      appMetadata: input.appMetadata ?? null,
    });
  }
  return user as UserRow;
}

function providerUserIdOf(input: Creation['input'], connection: Connection, generate: () => string): string {
  const given = input.providerUserId;
  if (given === null || given === undefined) {
    const kind = strategyKind(connection.strategy);
    if (kind === 'DATABASE' || kind === 'PASSWORDLESS') return generate();
    throw commonErrors.VALIDATION_FAILED({
      message:
        'A user of this connection is known by the id that its identity provider gave. Send it as userId.',
      extensions: { field: 'userId' },
    });
  }
  const prefix = `${connection.strategy}|`;
  const part = given.startsWith(prefix) ? given.slice(prefix.length) : given;
  if (part.length > 0 && part.length <= longestProviderUserId && /^[^\p{C}\s]+$/u.test(part)) return part;
  throw commonErrors.VALIDATION_FAILED({
    message: `userId must have 1 to ${longestProviderUserId} visible characters without spaces.`,
    extensions: { field: 'userId' },
  });
}

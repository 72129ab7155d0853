import type { Call } from '#src/access/call';
import { decide, type ObjectFacts } from '#src/access/decide';
import { assertWritable } from '#src/access/write-gate';
import type { Connection } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import { isKeptElsewhere } from '#src/features/users/profile/synchronise';
import { changeBlocked } from './block-user';
import { checkProfile } from '#src/features/users/profile/check-profile';
import type { UserDependencies } from './create-user';
import { requireIdentifier, reserveIdentifiers } from '#src/features/users/identifiers/login-identifiers';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import {
  attributePaths,
  changedKeys,
  identifierKeys,
  profileKeys,
  profileOf,
  synchronisedKeys,
  type Profile,
  type ProfileChange,
  type ProfileKey,
} from '#src/features/users/profile/profile';
import { withSources } from '#src/features/users/profile/attribute-sources';
import { findSources } from '#src/features/users/profile/source.repository';
import { requireReachable } from '#src/features/users/reach/require-user';
import { userErrors } from '#src/features/users/user.errors';
import type { UserRow } from '#src/features/users/user-row';
import { raiseCredentialEpoch, updateProfile } from '#src/features/users/user.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface UserChange extends ProfileChange {
  readonly id: string;
  /** Null is false. */
  readonly blocked?: boolean | null;
  /** Refuse with VERSION_CONFLICT when the stored version is another. */
  readonly ifVersion?: number | null;
}

/** Changes root attributes: absent leaves, null unsets. All or nothing. */
export async function updateUser(
  dependencies: UserDependencies,
  call: Call,
  change: UserChange,
): Promise<void> {
  await call.store.transaction(async (store) => {
    const user = await requireReachable(call, store, change.id);
    requireVersion(user, change.ifVersion);
    const facts = await objectFactsOf(call, store, user.id);
    // Resending a stored value is no change, yet it is a write: else the answer would tell whether a hidden value was guessed.
    assertWritable(call, namedPaths(change), facts);
    if (change.blocked !== undefined) await dependencies.hooks.standing?.(call, store, user.id, 'CHANGE');
    const connection = await dependencies.connections.require(store, user.connection);
    const before = profileOf(user);
    const checked = checkProfile(pickProfile(change), connection);
    const changed = changedKeys(before, checked);
    refuseForeignAttributes(call, connection, { submitted: profileKeysOf(checked), changed, facts });
    const { blocked } = change;
    if (changed.length > 0)
      await applyChange(dependencies, store, call, { user, connection, before, checked, changed });
    if (blocked === undefined) return;
    const version = user.version + (changed.length > 0 ? 1 : 0);
    await changeBlocked(dependencies, store, call, { ...user, version }, blocked ?? false);
  });
  dependencies.hooks.committed.forEach((listener) => listener(change.id));
}

interface Change {
  readonly user: UserRow;
  readonly connection: Connection;
  readonly before: Profile;
  readonly checked: ProfileChange;
  readonly changed: readonly ProfileKey[];
}

async function applyChange(
  { audit, hooks }: UserDependencies,
  store: Store,
  call: Call,
  { user, connection, before, checked, changed }: Change,
): Promise<void> {
  const after = withVerification(before, { ...before, ...checked }, checked);
  requireIdentifier(after, connection);
  // By the right over users; what a proof of the person changes (a confirmed address) is asked for nothing more.
  if (identifierKeys.some((key) => changed.includes(key)) && call.principal.permissions.has('update:users'))
    await hooks.standing?.(call, store, user.id, 'TAKE_HOLD');
  await reserveIdentifiers(store, call, { id: user.id, connection, profile: after, before });
  const written = changedKeys(before, after);
  const [sources = {}] = await findSources(store, [user.id]);
  const now = call.clock.now();
  await updateProfile(store, user.id, {
    profile: after,
    attributeSources: withSources(sources, written, { source: 'LOCAL', connection: null, at: now }),
    version: user.version + 1,
    now,
  });
  if (identifierKeys.some((key) => changed.includes(key))) {
    await raiseCredentialEpoch(store, user.id);
    for (const listener of hooks.signedOut) await listener(store, call, user.id);
  }
  if (before.email !== after.email || before.emailVerified !== after.emailVerified) {
    const change = { userId: user.id, connection: user.connection, before, after };
    for (const listener of hooks.addressed) await listener(store, call, change);
  }
  await audit.record(store, call, {
    action: 'user.update',
    targetType: 'User',
    targetId: user.id,
    changedPaths: written.map((key) => attributePaths[key]),
  });
}

/** A new address or number is unverified until somebody says otherwise. */
function withVerification(before: Profile, after: Profile, checked: ProfileChange): Profile {
  const fresh = (key: 'email' | 'phoneNumber'): boolean => before[key] !== after[key];
  const unverified = (key: 'email' | 'phoneNumber'): boolean | null => (after[key] === null ? null : false);
  return {
    ...after,
    emailVerified: fresh('email') ? (checked.emailVerified ?? unverified('email')) : after.emailVerified,
    phoneVerified: fresh('phoneNumber')
      ? (checked.phoneVerified ?? unverified('phoneNumber'))
      : after.phoneVerified,
  };
}

/** Refuses with VERSION_CONFLICT when the caller read another version. */
export function requireVersion(
  stored: { readonly version: number },
  ifVersion: number | null | undefined,
): void {
  if (ifVersion !== null && ifVersion !== undefined && ifVersion !== stored.version) {
    throw commonErrors.VERSION_CONFLICT({ extensions: { current: stored.version } });
  }
}

function profileKeysOf(change: ProfileChange): readonly ProfileKey[] {
  return profileKeys.filter((key) => change[key] !== undefined);
}

function namedPaths(change: UserChange): readonly string[] {
  const paths = profileKeysOf(change).map((key) => attributePaths[key]);
  return change.blocked === undefined ? paths : [...paths, 'blocked'];
}

function pickProfile(change: ProfileChange): ProfileChange {
  return Object.fromEntries(profileKeysOf(change).map((key) => [key, change[key]]));
}

interface Submission {
  readonly submitted: readonly ProfileKey[];
  readonly changed: readonly ProfileKey[];
  readonly facts: ObjectFacts;
}

/** Attributes that an identity provider owns are refused as a whole; sending a stored value again is allowed. */
function refuseForeignAttributes(call: Call, connection: Connection, submission: Submission): void {
  const owned = foreignKeys(connection);
  const refused = submission.submitted.filter(
    (key) =>
      owned.includes(key) &&
      // SECURITY: for an attribute that the caller cannot read, "unchanged is fine" would confirm a guessed value.
      (submission.changed.includes(key) ||
        decide(call, 'READ', attributePaths[key], submission.facts) !== 'ALLOW'),
  );
  if (refused.length === 0) return;
  const attributes = refused.map((key) => attributePaths[key]);
  throw userErrors.OPERATION_NOT_SUPPORTED({
    message: `The connection "${connection.name}" owns ${attributes.join(', ')}, which can be changed at the identity provider alone.`,
    extensions: { attributes, connection: connection.name },
  });
}

/** The attributes of this connection's users that cannot be changed here. */
export function foreignKeys(connection: Connection): readonly ProfileKey[] {
  const { strategy, options } = connection;
  const kind = strategyKind(strategy);
  const synchronised = options.attributeSync === 'on_each_login' ? synchronisedKeys : [];
  if (kind === 'DATABASE') return isKeptElsewhere(connection) ? synchronised : [];
  if (kind === 'PASSWORDLESS') return strategy === 'sms' ? ['emailVerified'] : [];
  const identifiers: ProfileKey[] = ['email', 'username', 'phoneNumber'];
  return kind === 'ENTERPRISE'
    ? [...identifiers, 'emailVerified', ...synchronised]
    : [...identifiers, ...synchronised];
}

import type { Call } from '#src/access/call';
import type { DerivedKey } from '#src/config/open-secrets';
import type { AuditService } from '#src/features/audit/audit.service';
import { bringFactors } from '#src/features/factors/methods/foreign-factors';
import type { IdentityService } from '#src/features/identities/identity.service';
import type { PasswordService } from '#src/features/passwords/password.service';
import type { UserService } from '#src/features/users/user.service';
import type { Store } from '#src/storage/store';
import { noticeLater } from '#src/features/lazy-migration/telling/source-notice.job';
import { asSource } from './as-source';
import { withoutPrefix } from './id-at-source';
import { findMigrated, saveMigrated } from './migrated-user.repository';
import type { SourcePerson } from './source-person';

export interface MigrateParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly identities: IdentityService;
  readonly passwords: PasswordService;
  /** Seals seeds of second factors. */
  readonly factorRing: () => readonly DerivedKey[];
}

export interface Arrival {
  readonly person: SourcePerson;
  /** The user who has the identifier here already, without a password; null: nobody has. */
  readonly userId: string | null;
  /** Our own hash of the password that the source vouched for; null: nobody proved one. */
  readonly password: { readonly hash: string; readonly isWeak: boolean } | null;
  readonly cause: 'SIGN_IN' | 'RESET';
  readonly allowReimport: boolean;
  /** Whether the source is to hear of it. */
  readonly tellsMoved: boolean;
}

export type Migrated =
  | { readonly outcome: 'CREATED' | 'PASSWORD_STORED' | 'VOUCHED'; readonly userId: string }
  /** The user was deleted here. */
  | { readonly outcome: 'DELETED' }
  /** The user is here, with a password of its own, which alone counts. */
  | { readonly outcome: 'HERE_ALREADY' };

/**
 * Makes the user of somebody for whom a source has vouched, or gives the password to the user who is here without one: everything in the
 * transaction of `store`, or nothing. CONFLICT where another user has the id or an identifier.
 */
export async function migrateUser(
  parts: MigrateParts,
  store: Store,
  given: Call,
  arrival: Arrival,
): Promise<Migrated> {
  const { person, cause } = arrival;
  const { name } = person.login.connection;
  const call = asSource(given, name);
  const key = { connection: name, sourceId: person.sourceId };
  await store.execute(store.dialect.advisoryLock(`migrate:${name}:${person.sourceId}`));
  const before = await findMigrated(store, name, person.sourceId);
  const isDeleted = before !== null && before.deletedAt !== null;
  if (isDeleted && !arrival.allowReimport) return { outcome: 'DELETED' };
  const known = await parts.identities.find(store, name, [person.sourceId]);
  // Who came from there and has another address there by now has it as identifier nowhere here: the record of the move says who it is.
  const here = arrival.userId ?? (before !== null && before.userId === known?.userId ? before.userId : null);
  // SECURITY: a source does not decide who somebody here is. The id that it gives must be nobody's, of the user who has the identifier, or
  // of one who came from there with it; and who has a password here signs in with it alone.
  if (known !== null && known.userId !== here) return { outcome: 'HERE_ALREADY' };
  // Import mode is off: the source's word is the password, every time, and its profile is the profile.
  const isVouched = here !== null && !person.login.connection.options.keepsPasswords && cause === 'SIGN_IN';
  if (isVouched) {
    await followSource(parts, store, call, here, person);
    // Who was made here, and there by us, is known by the id there from now on.
    if (before === null)
      await saveMigrated(store, {
        ...key,
        userId: here,
        cause,
        migratedAt: call.clock.now(),
        deletedAt: null,
      });
    return { outcome: 'VOUCHED', userId: here };
  }
  if (here !== null && (await parts.passwords.originOf(store, here)) !== null)
    return { outcome: 'HERE_ALREADY' };
  const login = { ...person.login, providerUserId: person.sourceId };
  const made = here === null ? await parts.users.createFromLogin(call, store, login) : null;
  const userId = made?.id ?? (here as string);
  // Who is here with factors has chosen them here: they stay.
  const owner = { id: userId, email: made?.email ?? null };
  const { unusable } = await bringFactors(parts.factorRing, store, call, owner, person.factors);
  if (arrival.password !== null) {
    const password = { ...arrival.password, source: `migration:${name}` };
    await parts.passwords.storeMigrated(store, call, userId, password);
  }
  await saveMigrated(store, { ...key, userId, cause, migratedAt: call.clock.now(), deletedAt: null });
  if (arrival.tellsMoved)
    await noticeLater(store, call, name, { kind: 'MIGRATED', userId: withoutPrefix(name, person.sourceId) });
  const outcome = here === null ? 'CREATED' : 'PASSWORD_STORED';
  await parts.audit.record(store, call, {
    action: 'user.migrate',
    targetType: 'User',
    targetId: userId,
    details: {
      connection: name,
      cause,
      outcome,
      stripped: person.stripped,
      ignored: person.ignored + unusable.length,
    },
  });
  return { outcome, userId };
}

/** Brings names and picture up to what the source says, unless the user's profile is that of another connection by now. */
async function followSource(
  { audit, users }: MigrateParts,
  store: Store,
  call: Call,
  userId: string,
  { login, stripped }: SourcePerson,
): Promise<void> {
  const user = await users.lockReachable(call, store, userId);
  if (user === null || user.blocked || user.connection !== login.connection.name) return;
  const changed = await users.synchronise(call, store, user, login, null);
  if (changed.length === 0) return;
  await audit.record(store, call, {
    action: 'user.login',
    targetType: 'User',
    targetId: userId,
    changedPaths: changed,
    details: { connection: login.connection.name, outcome: 'VOUCHED', stripped },
  });
}

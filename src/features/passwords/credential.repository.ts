import { fromIdentifier, type IdentifierParameters } from '#src/features/users/identifiers/from-identifier';
import { UserEntity } from '#src/features/users/user.entity';
import { PasswordEntity } from './password.entity';
import type { Instant } from '#src/shared/clock';
import { column, columnsOf, expression } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, Store } from '#src/storage/store';

/** What is needed to check a password. Its hash goes no further than the hasher. */
export interface Credential {
  readonly userId: string;
  readonly credentialEpoch: number;
  /** Null where the user has no password. */
  readonly hash: string | null;
}

const credential: Read<IdentifierParameters, Credential> = {
  name: 'credential_by_identifier',
  build: (builder) => fromIdentifier(builder).leftJoin(PasswordEntity, 'p', 'p.userId = u.id'),
  select: {
    userId: column(UserEntity, 'u', 'id'),
    credentialEpoch: column(UserEntity, 'u', 'credentialEpoch'),
    hash: expression<string | null>('"p"."hash"', 'text'),
  },
};

/** The credential that an identifier (folded) names in a connection, or null. */
export async function findCredential(
  store: Store,
  connection: string,
  value: string,
): Promise<Credential | null> {
  return (await store.read(credential, { connection, value }))[0] ?? null;
}

/** What is known of a password that came from elsewhere; nothing of a new one. */
export interface PasswordOrigin {
  readonly source: string | null;
  readonly mustChange: boolean;
  readonly policyDebt: boolean;
}

/** `isUnproven` absent: as the password before; without one before, unproven. See the entity. */
export type SavedOrigin = PasswordOrigin & { readonly isUnproven?: boolean };

export const chosenHere: PasswordOrigin = { source: null, mustChange: false, policyDebt: false };

/** Stores a password hash; answers whether the user had one before. */
export async function savePassword(
  store: Store,
  userId: string,
  hash: string,
  now: Instant,
  origin: SavedOrigin = chosenHere,
): Promise<boolean> {
  const content = { hash, ...origin, updatedAt: now };
  if ((await store.update(PasswordEntity, { userId }, content)) === 1) return true;
  await store.insert(PasswordEntity, { userId, isUnproven: true, ...content });
  return false;
}

/** Replaces the hash by one of the same password, unless the password was changed since; `source` is what had made the former one. */
export async function replaceHash(
  store: Store,
  userId: string,
  {
    before,
    after,
    source,
  }: { readonly before: string; readonly after: string; readonly source: string | null },
): Promise<void> {
  const set = source === null ? { hash: after } : { hash: after, source };
  await store.update(PasswordEntity, { userId, hash: before }, set);
}

const origin: Read<{ userId: string }, PasswordOrigin> = {
  name: 'password_origin',
  build: (builder) => builder.from(PasswordEntity, 'p').where('p.userId = :userId'),
  select: columnsOf(PasswordEntity, 'p', ['source', 'mustChange', 'policyDebt']),
};

/** Null where the user has no password. */
export async function findPasswordOrigin(store: Store, userId: string): Promise<PasswordOrigin | null> {
  return (await store.read(origin, { userId }))[0] ?? null;
}

const unproven: Read<{ userId: string }, { readonly isUnproven: boolean }> = {
  name: 'unproven_password',
  build: (builder) => builder.from(PasswordEntity, 'p').where('p.userId = :userId'),
  select: columnsOf(PasswordEntity, 'p', ['isUnproven']),
};

/** Whether the user has a password that somebody chose who had not shown to read the mail of the account. */
export async function hasUnprovenPassword(store: Store, userId: string): Promise<boolean> {
  return (await store.read(unproven, { userId }))[0]?.isUnproven === true;
}

/** Disowns every session and token of the user, because the password changed. */
export async function raiseEpochForPassword(store: Store, userId: string, now: Instant): Promise<void> {
  await store.execute(sql`UPDATE ${store.table(UserEntity)} SET
    credential_epoch = credential_epoch + 1, last_password_reset = ${now}, updated_at = ${now} WHERE id = ${userId}`);
}

/** The hash of a user's password, or null. */
export async function findHashOf(store: Store, userId: string): Promise<string | null> {
  const [row] = await store.query<{ hash: string }>(
    sql`SELECT hash AS hash FROM ${store.table(PasswordEntity)} WHERE user_id = ${userId}`,
    { hash: 'text' },
  );
  return row?.hash ?? null;
}

/** The name of a user's connection, or null. */
export async function findConnectionOf(store: Store, userId: string): Promise<string | null> {
  const [row] = await store.query<{ connection: string }>(
    sql`SELECT connection AS connection FROM ${store.table(UserEntity)} WHERE id = ${userId}`,
    { connection: 'text' },
  );
  return row?.connection ?? null;
}

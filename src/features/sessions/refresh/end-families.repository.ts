import type { Instant } from '#src/shared/clock';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { RefreshFamilyEntity } from './refresh-family.entity';

/** Which families end; all that are given must hold. */
export interface EndedFamilies {
  readonly ids?: readonly string[];
  readonly userId?: string;
  readonly userIds?: readonly string[];
  readonly clientId?: string;
  readonly sessionIds?: readonly string[];
  readonly organizationId?: string;
  readonly isOnline?: boolean;
  /** Those of this session stay. */
  readonly exceptSessionId?: string | null;
}

export type RevokeReason =
  | 'logout'
  | 'session-expired'
  | 'session-revoked'
  | 'token-revoked'
  | 'security'
  | 'blocked'
  | 'organization-removed'
  | 'organization-deleted'
  | 'reuse'
  | 'limit';

const at = (store: Store, property: keyof RefreshFamilyEntity & string): Sql =>
  store.column(RefreshFamilyEntity, property, 'f');

/** Revokes the living families that match; answers how many those were. */
export function endFamilies(
  store: Store,
  which: EndedFamilies,
  { reason, now }: { readonly reason: RevokeReason; readonly now: Instant },
): Promise<number> {
  const { ids, userId, userIds, clientId, sessionIds, organizationId, isOnline, exceptSessionId } = which;
  const conditions = [
    ids === undefined ? null : store.dialect.anyOf(at(store, 'id'), ids),
    userId === undefined ? null : sql`${at(store, 'userId')} = ${userId}`,
    userIds === undefined ? null : store.dialect.anyOf(at(store, 'userId'), userIds),
    clientId === undefined ? null : sql`${at(store, 'clientId')} = ${clientId}`,
    sessionIds === undefined ? null : store.dialect.anyOf(at(store, 'sessionId'), sessionIds),
    organizationId === undefined ? null : sql`${at(store, 'organizationId')} = ${organizationId}`,
  ];
  // SECURITY: no condition would end the tokens of everybody.
  if (conditions.every((condition) => condition === null)) {
    throw new TypeError('Revoking refresh tokens needs a condition.');
  }
  if (isOnline !== undefined) conditions.push(sql`${at(store, 'isOnline')} = ${isOnline}`);
  if (exceptSessionId) {
    const session = at(store, 'sessionId');
    conditions.push(sql`(${session} IS NULL OR ${session} <> ${exceptSessionId})`);
  }
  return store.execute(sql`UPDATE ${store.table(RefreshFamilyEntity)} AS f SET
    revoked_at = ${now}, revoke_reason = ${reason}
    WHERE ${sql.and([sql`${at(store, 'revokedAt')} IS NULL`, ...conditions])}`);
}

/** The proofs on which each living family of a user rests. */
export function findFamilyMethods(
  store: Store,
  userId: string,
): Promise<{ id: string; methods: readonly unknown[] }[]> {
  const which = sql.and([sql`${at(store, 'revokedAt')} IS NULL`, sql`${at(store, 'userId')} = ${userId}`]);
  return store.query<{ id: string; methods: readonly unknown[] }>(
    sql`SELECT ${at(store, 'id')} AS "id", ${at(store, 'methods')} AS "methods"
      FROM ${store.table(RefreshFamilyEntity)} AS f WHERE ${which}`,
    { id: 'text', methods: 'json' },
  );
}

/** Lets the families of a session go on under the user's newest epoch. */
export async function restampFamilies(
  store: Store,
  sessionId: string,
  userId: string,
  credentialEpoch: number,
): Promise<void> {
  await store.update(RefreshFamilyEntity, { sessionId, userId, revokedAt: null }, { credentialEpoch });
}

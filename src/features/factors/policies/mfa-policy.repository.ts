import type { MfaPolicy } from '#src/config/factors';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { MfaPolicyEntity } from './mfa-policy.entity';

const at = (store: Store, property: keyof MfaPolicyEntity & string): Sql =>
  store.column(MfaPolicyEntity, property, 'p');

interface SubjectPolicy {
  readonly subjectId: string;
  readonly policy: MfaPolicy;
}

function find(store: Store, condition: Sql): Promise<SubjectPolicy[]> {
  return store.query<SubjectPolicy>(
    sql`SELECT ${at(store, 'subjectId')} AS "subjectId", ${at(store, 'policy')} AS "policy"
      FROM ${store.table(MfaPolicyEntity)} AS p WHERE ${condition}`,
    { subjectId: 'text', policy: 'text' },
  );
}

/** What each of these asks for; those that ask for nothing are missing. */
export async function findPolicies(
  store: Store,
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, MfaPolicy>> {
  const rows = await find(store, store.dialect.anyOf(at(store, 'subjectId'), subjectIds));
  return new Map(rows.map(({ subjectId, policy }) => [subjectId, policy]));
}

export interface SignInPlace {
  readonly clientId: string | null;
  readonly organizationId: string | null;
  /** Name of the connection that proved the user; the empty text: none. */
  readonly connection: string;
}

/** What is asked for where a sign-in takes place. */
export async function findPoliciesAt(
  store: Store,
  { clientId, organizationId, connection }: SignInPlace,
): Promise<readonly MfaPolicy[]> {
  const name = store.column(ConnectionEntity, 'name', 'c');
  const connections = sql`SELECT ${store.column(ConnectionEntity, 'id', 'c')} FROM ${store.table(ConnectionEntity)} AS c
    WHERE ${name} = ${connection}`;
  const ids = [clientId, organizationId].filter((id) => id !== null);
  const rows = await find(
    store,
    sql`(${store.dialect.anyOf(at(store, 'subjectId'), ids)} OR ${at(store, 'connectionId')} IN (${connections}))`,
  );
  return rows.map(({ policy }) => policy);
}

/** What the organizations and the connection of a user ask for: both know their people, as applications do not. */
export async function findPoliciesOver(store: Store, userId: string): Promise<readonly MfaPolicy[]> {
  const member = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const organizations = sql`SELECT ${member('organizationId')} FROM ${store.table(MembershipEntity)} AS m
    WHERE ${member('userId')} = ${userId}`;
  const connections = sql`SELECT ${store.column(ConnectionEntity, 'id', 'c')} FROM ${store.table(ConnectionEntity)} AS c
    JOIN ${store.table(UserEntity)} AS u ON ${store.column(UserEntity, 'connection', 'u')} = ${store.column(ConnectionEntity, 'name', 'c')}
    WHERE ${store.column(UserEntity, 'id', 'u')} = ${userId}`;
  const rows = await find(
    store,
    sql`(${at(store, 'organizationId')} IN (${organizations}) OR ${at(store, 'connectionId')} IN (${connections}))`,
  );
  return rows.map(({ policy }) => policy);
}

export async function storePolicy(
  store: Store,
  row: Pick<MfaPolicyEntity, 'subjectId' | 'policy' | 'updatedAt'> &
    Partial<Pick<MfaPolicyEntity, 'applicationId' | 'connectionId' | 'organizationId'>>,
): Promise<void> {
  await store.upsert(
    MfaPolicyEntity,
    { applicationId: null, connectionId: null, organizationId: null, ...row },
    ['subjectId'],
  );
}

export async function deletePolicy(store: Store, subjectId: string): Promise<void> {
  await store.delete(MfaPolicyEntity, { subjectId });
}

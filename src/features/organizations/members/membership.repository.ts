import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { reachCondition } from '#src/features/users/reach/user-reach';
import type { Reach } from '#src/features/users/reach/reach';
import { UserEntity } from '#src/features/users/user.entity';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

export const membershipSelection = columnsOf(MembershipEntity, 'm', [
  'id',
  'organizationId',
  'userId',
  'joinedAt',
  'joinedVia',
]);
export type MembershipRow = RowOf<typeof membershipSelection>;

const membership: Read<{ organizationId: string; userId: string }, MembershipRow> = {
  name: 'membership_of_user',
  build: (builder) =>
    builder
      .from(MembershipEntity, 'm')
      .innerJoin(OrganizationEntity, 'o', 'o.id = m.organizationId')
      .where('m.organizationId = :organizationId')
      .andWhere('m.userId = :userId'),
  select: membershipSelection,
};

export async function findMembership(
  store: Store,
  organizationId: string,
  userId: string,
): Promise<MembershipRow | null> {
  const [row] = await store.read(membership, { organizationId, userId });
  return row ?? null;
}

/** From which side memberships are listed. */
export type MembershipSide = 'userId' | 'organizationId';

export interface MembershipSlice {
  readonly side: MembershipSide;
  readonly keys: readonly string[];
  /** Only memberships of this organization; null: all. */
  readonly bound: string | null;
  /** Only memberships of users within it. */
  readonly reach: Reach | null;
  /** Only those behind this place in the order. */
  readonly after: readonly [joinedAt: number, id: string] | null;
  readonly limit: number;
}

/** The first memberships of each user or organization, in the order in which they began; one statement for all keys. */
export function findMemberships(store: Store, slice: MembershipSlice): Promise<MembershipRow[]> {
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const { columns, kinds } = store.selection(membershipSelection);
  const order = sql`${at('joinedAt')}, ${at('id')}`;
  const source = store.dialect.firstPerKey({
    keys: slice.keys,
    table: store.table(MembershipEntity),
    alias: 'm',
    parent: at(slice.side),
    id: at('id'),
    where: sql.and([
      ofStanding(store, slice.side),
      withinReach(store, slice),
      slice.bound === null ? null : sql`${at('organizationId')} = ${slice.bound}`,
      slice.after === null ? null : sql`(${order}) > (${slice.after[0]}, ${slice.after[1]})`,
    ]),
    orderBy: order,
    limit: slice.limit,
  });
  return store.query<MembershipRow>(sql`SELECT ${columns} FROM ${source} ORDER BY ${order}`, kinds);
}

/** What a deleted organization leaves behind for a while is no membership; an organization that is listed stands. */
function ofStanding(store: Store, side: MembershipSide): Sql | null {
  if (side === 'organizationId') return null;
  return sql`EXISTS (SELECT 1 FROM ${store.table(OrganizationEntity)} AS o
    WHERE ${store.column(OrganizationEntity, 'id', 'o')} = ${store.column(MembershipEntity, 'organizationId', 'm')})`;
}

/** The members of an organization that the caller may know of; whoever is bound to it knows them all, unless a filter narrows that. */
function withinReach(store: Store, { side, reach }: Pick<MembershipSlice, 'side' | 'reach'>): Sql | null {
  if (side === 'userId' || reach === null || reach.filter === null) return null;
  return sql`EXISTS (SELECT 1 FROM ${store.table(UserEntity)} AS u
    WHERE ${store.column(UserEntity, 'id', 'u')} = ${store.column(MembershipEntity, 'userId', 'm')}
      AND ${reachCondition(store, reach) ?? sql`TRUE`})`;
}

export async function countMemberships(
  store: Store,
  side: MembershipSide,
  key: string,
  bound: string | null,
  reach: Reach | null = null,
): Promise<number> {
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const condition = sql.and([
    sql`${at(side)} = ${key}`,
    ofStanding(store, side),
    withinReach(store, { side, reach }),
    bound === null ? null : sql`${at('organizationId')} = ${bound}`,
  ]);
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(MembershipEntity)} AS m WHERE ${condition}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** Those of the ids that belong to users within the reach. */
export async function findKnownUserIds(
  store: Store,
  userIds: readonly string[],
  reach: Reach | null,
): Promise<string[]> {
  const id = store.column(UserEntity, 'id', 'u');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${id} AS "id" FROM ${store.table(UserEntity)} AS u
      WHERE ${sql.and([store.dialect.anyOf(id, userIds), reachCondition(store, reach)])}`,
    { id: 'text' },
  );
  return rows.map((row) => row.id);
}

/** Adds the memberships that are missing; answers how many those were. */
export function insertMemberships(store: Store, rows: readonly MembershipRow[]): Promise<number> {
  return store.insert(MembershipEntity, rows, { ignoreConflicts: true });
}

/** Their roles in the organization go with them. */
export function deleteMemberships(
  store: Store,
  organizationId: string,
  userIds: readonly string[],
): Promise<number> {
  return store.delete(MembershipEntity, { organizationId, userId: userIds });
}

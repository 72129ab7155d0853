import { GroupMemberEntity } from './group-member.entity';
import { GroupEntity } from '#src/features/groups/group.entity';
import { groupSelection, type GroupRow } from '#src/features/groups/group.repository';
import { GroupClosureEntity } from '#src/features/groups/nesting/group-closure.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import type { Reach } from '#src/features/users/reach/reach';
import { reachCondition } from '#src/features/users/reach/user-reach';
import { UserEntity } from '#src/features/users/user.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** The source of a member that somebody put there. */
export const explicit = '';

/** Those of the ids that belong to users within reach who can be in a group there: anybody, or members of the organization. */
export async function findPossibleMembers(
  store: Store,
  ids: readonly string[],
  { reach, organizationId }: { readonly reach: Reach | null; readonly organizationId: string | null },
): Promise<string[]> {
  const id = store.column(UserEntity, 'id', 'u');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${id} AS "id" FROM ${store.table(UserEntity)} AS u
      WHERE ${sql.and([
        store.dialect.anyOf(id, ids),
        reachCondition(store, reach),
        organizationId === null
          ? null
          : sql`EXISTS (SELECT 1 FROM ${store.table(MembershipEntity)} AS m
              WHERE ${store.column(MembershipEntity, 'userId', 'm')} = ${id}
                AND ${store.column(MembershipEntity, 'organizationId', 'm')} = ${organizationId})`,
      ])}`,
    { id: 'text' },
  );
  return rows.map((row) => row.id);
}

export function insertMembers(store: Store, rows: readonly GroupMemberEntity[]): Promise<number> {
  return store.insert(GroupMemberEntity, rows, { ignoreConflicts: true });
}

export function deleteMembers(
  store: Store,
  where: { readonly groupId: string; readonly userId: readonly string[]; readonly source: string },
): Promise<number> {
  return store.delete(GroupMemberEntity, where);
}

/** Takes users from every group of an organization. */
export async function deleteMembersOf(
  store: Store,
  organizationId: string,
  userIds: readonly string[],
): Promise<void> {
  const among = store.dialect.anyOf(sql.raw('"user_id"'), userIds);
  await store.execute(
    sql`DELETE FROM ${store.table(GroupMemberEntity)} WHERE ${among} AND "group_id" IN (
      SELECT "id" FROM ${store.table(GroupEntity)} WHERE "organization_id" = ${organizationId})`,
  );
}

export async function countMembers(
  store: Store,
  where: { readonly groupId: string } | { readonly userId: string },
): Promise<number> {
  const [property, value] =
    'groupId' in where ? (['groupId', where.groupId] as const) : (['userId', where.userId] as const);
  const other = property === 'groupId' ? 'userId' : 'groupId';
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(DISTINCT ${store.column(GroupMemberEntity, other, 'gm')}) AS "n" FROM ${store.table(GroupMemberEntity)} AS gm
      WHERE ${store.column(GroupMemberEntity, property, 'gm')} = ${value}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export interface MemberSlice {
  readonly groupIds: readonly string[];
  /** Everybody in a group or below it, not only who was put there. */
  readonly isCalculated: boolean;
  readonly reach: Reach | null;
  /** Only users whose id comes behind this one. */
  readonly after: string | null;
  readonly limit: number;
}

/** That a user is in a group, with the groups and sources that it comes from. */
export interface MemberRow {
  readonly groupId: string;
  readonly userId: string;
  readonly sources: readonly (readonly [groupId: string, source: string])[];
}

/** The first members of each group within reach, in the order of their ids; one statement for all groups. */
export function findMembers(store: Store, slice: MemberSlice): Promise<MemberRow[]> {
  const fold = store.dialect.jsonArrayAggregate([
    { sql: '"gm"."group_id"', kind: 'text' },
    { sql: '"gm"."source"', kind: 'text' },
  ]);
  return store.query<MemberRow>(
    sql`SELECT "page"."groupId", "page"."userId", (
        SELECT ${sql.raw(fold)} FROM ${membersWithin(store, slice.isCalculated)}
        WHERE ${groupOf(slice.isCalculated)} = "page"."groupId" AND "gm"."user_id" = "page"."userId") AS "sources"
      FROM (SELECT "each".*, ROW_NUMBER() OVER (PARTITION BY "groupId" ORDER BY "userId") AS "place" FROM (
        SELECT DISTINCT ${groupOf(slice.isCalculated)} AS "groupId", "gm"."user_id" AS "userId"
        FROM ${membersWithin(store, slice.isCalculated)}
        WHERE ${sql.and([condition(store, slice), slice.after === null ? null : sql`"gm"."user_id" > ${slice.after}`])}
      ) AS "each") AS "page" WHERE "page"."place" <= ${slice.limit} ORDER BY "page"."groupId", "page"."userId"`,
    { groupId: 'text', userId: 'text', sources: 'json' },
  );
}

export async function countMembersWithin(
  store: Store,
  groupId: string,
  options: Pick<MemberSlice, 'isCalculated' | 'reach'>,
): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(DISTINCT "gm"."user_id") AS "n" FROM ${membersWithin(store, options.isCalculated)}
      WHERE ${condition(store, { ...options, groupIds: [groupId] })}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

function membersWithin(store: Store, isCalculated: boolean): Sql {
  const members = sql`${store.table(GroupMemberEntity)} "gm"`;
  if (!isCalculated) return members;
  return sql`${store.table(GroupClosureEntity)} "gc" JOIN ${members} ON "gm"."group_id" = "gc"."descendant_id"`;
}

const groupOf = (isCalculated: boolean): Sql =>
  sql.raw(isCalculated ? '"gc"."ancestor_id"' : '"gm"."group_id"');

function condition(
  store: Store,
  { groupIds, isCalculated, reach }: Omit<MemberSlice, 'after' | 'limit'>,
): Sql {
  const within = reachCondition(store, reach);
  return sql.and([
    store.dialect.anyOf(groupOf(isCalculated), groupIds),
    isCalculated ? null : sql`"gm"."source" = ${explicit}`,
    within &&
      sql`EXISTS (SELECT 1 FROM ${store.table(UserEntity)} AS u WHERE u.id = "gm"."user_id" AND ${within})`,
  ]);
}

export interface GroupsOfUserSlice {
  readonly userIds: readonly string[];
  /** With all groups above them. */
  readonly isCalculated: boolean;
  /** Only groups of this organization; undefined: all. */
  readonly organizationId?: string | undefined;
  readonly after: readonly [nameFolded: string, id: string] | null;
  readonly limit: number;
}

export type GroupOfUserRow = GroupRow & { readonly userId: string };

/** The first groups of each user, by name; one statement for all users. */
export function findGroupsOfUsers(store: Store, slice: GroupsOfUserSlice): Promise<GroupOfUserRow[]> {
  const { columns, kinds } = store.selection(groupSelection);
  const order = sql`${store.column(GroupEntity, 'nameFolded', 'g')}, ${store.column(GroupEntity, 'id', 'g')}`;
  const pairs = sql`SELECT DISTINCT ${groupOf(slice.isCalculated)} AS "groupId", "gm"."user_id" AS "userId"
    FROM ${membersWithin(store, slice.isCalculated)}
    WHERE ${store.dialect.anyOf(sql.raw('"gm"."user_id"'), slice.userIds)}`;
  const names = sql.raw(
    Object.keys(kinds)
      .map((name) => `"numbered"."${name}"`)
      .join(', '),
  );
  return store.query<GroupOfUserRow>(
    sql`SELECT ${names}, "numbered"."userId" FROM (
        SELECT ${columns}, "pairs"."userId" AS "userId", ROW_NUMBER() OVER (PARTITION BY "pairs"."userId" ORDER BY ${order}) AS "place"
        FROM (${pairs}) AS "pairs" JOIN ${store.table(GroupEntity)} AS g ON ${store.column(GroupEntity, 'id', 'g')} = "pairs"."groupId"
        WHERE ${sql.and([
          slice.organizationId === undefined
            ? null
            : sql`${store.column(GroupEntity, 'organizationId', 'g')} = ${slice.organizationId}`,
          slice.after === null ? null : sql`(${order}) > (${slice.after[0]}, ${slice.after[1]})`,
        ])}
      ) AS "numbered" WHERE "numbered"."place" <= ${slice.limit} ORDER BY "numbered"."userId", "numbered"."place"`,
    { ...kinds, userId: 'text' } as never,
  );
}

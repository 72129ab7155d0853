import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import {
  organizationSelection,
  type OrganizationRow,
} from '#src/features/organizations/organization.repository';
import { keysOfFew, type MemberLookUp } from '#src/features/organizations/members/look-up-members.repository';
import { reachCondition } from '#src/features/users/reach/user-reach';
import type { Reach } from '#src/features/users/reach/reach';
import { UserEntity } from '#src/features/users/user.entity';
import type { FieldColumns } from '#src/graphql/needed-columns';
import { columnsOf } from '#src/storage/columns';
import { rowPart } from '#src/storage/row-codec';
import { sql, type Parameter, type Sql } from '#src/storage/sql';
import type { ComposedRead, Composer, Read, RowOf, Selection, Store } from '#src/storage/store';

export const membershipSelection = columnsOf(MembershipEntity, 'm', [
  'id',
  'organizationId',
  'userId',
  'joinedAt',
  'joinedVia',
]);
export type MembershipRow = RowOf<typeof membershipSelection>;

/** What the fields of `Membership` take of a row. */
export const membershipFieldColumns: FieldColumns<keyof MembershipRow> = {
  type: 'Membership',
  always: ['id', 'organizationId', 'userId', 'joinedAt'],
  resolved: { user: [], organization: [], roles: [], effectiveRoles: [] },
};

/** A membership together with its organization, whose columns have names of their own. */
type JoinedRow = MembershipRow & Record<string, unknown>;
const joinedName = (property: string): string => `organization.${property}`;
const joinedSelection = {
  ...membershipSelection,
  ...Object.fromEntries(
    Object.entries(organizationSelection).map(([property, selected]) => [joinedName(property), selected]),
  ),
} as Selection<JoinedRow>;

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
  /** What the caller looks for among the members of an organization; the reach asks for it too. */
  readonly search?: MemberLookUp | null;
  /** The columns that are wanted; absent: all. */
  readonly only?: readonly string[] | undefined;
}

/** The first memberships of each user or organization, in the order in which they began; one statement for all keys. */
export async function findMemberships(store: Store, slice: MembershipSlice): Promise<MembershipRow[]> {
  const within = withinReach(store, slice);
  if (within === null) return store.read(readFor(slice, false), parametersOf(slice), slice.only);
  // A filter of the reach is SQL of its own for each caller.
  const { columns, kinds } = store.selection(membershipSelection, slice.only);
  const { search = null } = slice;
  const form = { ...slice, isJoined: false, within, among: await amongOf(store, slice, search) };
  const options = search === null ? {} : { timeoutMs: search.timeoutMs };
  return store.query<MembershipRow>(firstMemberships(store, columns, form), kinds, options);
}

/** Few users who may be meant are looked up in the one organization. */
function amongOf(
  store: Store,
  { side, keys }: Pick<MembershipSlice, 'side' | 'keys'>,
  search: MemberLookUp | null,
): Promise<Sql | null> {
  return side === 'organizationId' && keys.length === 1 ? keysOfFew(store, search) : Promise.resolve(null);
}

export interface JoinedMembership {
  readonly membership: MembershipRow;
  readonly organization: OrganizationRow;
}

/** The same for users, each with these columns of its organization. */
export async function findJoinedMemberships(
  store: Store,
  slice: MembershipSlice,
  organizationColumns: readonly string[],
): Promise<JoinedMembership[]> {
  const only = [...(slice.only ?? Object.keys(membershipSelection)), ...organizationColumns.map(joinedName)];
  const rows = await store.read(readFor(slice, true), parametersOf(slice), only);
  const organizationOf = joinedPart(organizationColumns);
  return rows.map((row) => ({ membership: row, organization: organizationOf(row) }));
}

/** By the list of columns, which is the same one for the same operation. */
const joinedParts = new WeakMap<readonly string[], (row: JoinedRow) => OrganizationRow>();

function joinedPart(columns: readonly string[]): (row: JoinedRow) => OrganizationRow {
  let part = joinedParts.get(columns);
  if (!part) {
    const members = columns.map((property) => [property, joinedName(property)] as const);
    part = rowPart(members) as unknown as (row: JoinedRow) => OrganizationRow;
    joinedParts.set(columns, part);
  }
  return part;
}

function parametersOf({ keys, bound, after, limit }: MembershipSlice): object {
  return { keys, bound, joinedAt: after?.[0], id: after?.[1], limit };
}

/** One for each side, with and without organizations, bound and after a place. */
const reads = new Map<string, ComposedRead<object, JoinedRow>>();

function readFor(slice: MembershipSlice, isJoined: boolean): ComposedRead<object, JoinedRow> {
  const { side, bound, after } = slice;
  const name = `memberships:${side}:${isJoined}:${bound !== null}:${after !== null}`;
  let read = reads.get(name);
  if (!read) {
    read = {
      name,
      select: isJoined ? joinedSelection : membershipSelection,
      compose: (composer, columns) =>
        firstMemberships(composer, columns, {
          side,
          isJoined,
          keys: sql.parameter('keys'),
          bound: bound === null ? null : sql.parameter('bound'),
          after: after === null ? null : [sql.parameter('joinedAt'), sql.parameter('id')],
          within: null,
          among: null,
          limit: sql.parameter('limit'),
        }),
    };
    reads.set(name, read);
  }
  return read;
}

/** What the statement is composed of: values, or what stands for them. */
interface MembershipForm {
  readonly side: MembershipSide;
  readonly isJoined: boolean;
  readonly keys: readonly string[] | Parameter;
  readonly bound: string | Parameter | null;
  readonly after: readonly [joinedAt: number | Parameter, id: string | Parameter] | null;
  readonly within: Sql | null;
  /** Statement for the ids of users whose memberships alone are wanted, of the only key; null: of all. */
  readonly among: Sql | null;
  readonly limit: number | Parameter;
}

function firstMemberships(composer: Composer, columns: Sql, form: MembershipForm): Sql {
  const at = (property: keyof MembershipEntity & string): Sql =>
    composer.column(MembershipEntity, property, 'm');
  const order = sql`${at('joinedAt')}, ${at('id')}`;
  const where = sql.and([
    form.isJoined ? null : ofStanding(composer, form.side),
    form.within,
    form.bound === null ? null : sql`${at('organizationId')} = ${form.bound}`,
    form.after === null ? null : sql`(${order}) > (${form.after[0]}, ${form.after[1]})`,
  ]);
  const table = { table: composer.table(MembershipEntity), alias: 'm' };
  if (form.among !== null) {
    const rows = composer.dialect.rowsByKeys({ ...table, keys: form.among, key: at('userId') });
    const isOfKey = sql`${at(form.side)} = ${(form.keys as readonly string[])[0]}`;
    return sql`SELECT ${columns} FROM ${rows} WHERE ${sql.and([isOfKey, where])} ORDER BY ${order} LIMIT ${form.limit}`;
  }
  const first = {
    ...table,
    ...{ keys: form.keys, parent: at(form.side), id: at('id') },
    ...{ where, orderBy: order, limit: form.limit },
  };
  if (!form.isJoined)
    return sql`SELECT ${columns} FROM ${composer.dialect.firstPerKey(first)} ORDER BY ${order}`;
  const joined = composer.dialect.joinedFirstPerKey({
    ...first,
    columns,
    joined: {
      table: composer.table(OrganizationEntity),
      alias: 'o',
      on: sql`${composer.column(OrganizationEntity, 'id', 'o')} = ${at('organizationId')}`,
    },
  });
  return sql`${joined} ORDER BY "joinedAt", "id"`;
}

/** What a deleted organization leaves behind for a while is no membership; an organization that is listed stands. */
function ofStanding(store: Composer, side: MembershipSide): Sql | null {
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

export interface MembershipCount extends Partial<Pick<MembershipSlice, 'bound' | 'reach' | 'search'>> {
  readonly side: MembershipSide;
  readonly key: string;
}

export async function countMemberships(store: Store, counted: MembershipCount): Promise<number> {
  const { side, key, bound = null, reach = null, search = null } = counted;
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const condition = sql.and([
    sql`${at(side)} = ${key}`,
    ofStanding(store, side),
    withinReach(store, { side, reach }),
    bound === null ? null : sql`${at('organizationId')} = ${bound}`,
  ]);
  const table = store.table(MembershipEntity);
  const keys = await amongOf(store, { side, keys: [key] }, search);
  const rows =
    keys === null
      ? sql`${table} AS m`
      : store.dialect.rowsByKeys({ keys, table, alias: 'm', key: at('userId') });
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${rows} WHERE ${condition}`,
    { n: 'integer' },
    search === null ? {} : { timeoutMs: search.timeoutMs },
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
export function insertMemberships(
  store: Store,
  rows: readonly (MembershipRow & { readonly joinedConnectionId?: string })[],
): Promise<number> {
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

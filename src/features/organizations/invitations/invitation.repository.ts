import { InvitationRoleEntity } from '#src/features/organizations/invitations/invitation-role.entity';
import type { InvitationState } from '#src/features/organizations/invitations/invitation-status';
import { InvitationEntity } from '#src/features/organizations/invitations/invitation.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import type { Instant } from '#src/shared/clock';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

export const invitationSelection = columnsOf(InvitationEntity, 'i', [
  'id',
  'organizationId',
  'email',
  'emailFolded',
  'inviterName',
  'inviterId',
  'clientId',
  'connectionId',
  'userMetadata',
  'appMetadata',
  'status',
  'createdAt',
  'expiresAt',
  'ttlSeconds',
  'lastSentAt',
  'sendCount',
  'isMailed',
  'acceptedBy',
  'endedAt',
]);
export type InvitationRow = RowOf<typeof invitationSelection>;

const byTicket: Read<{ ticketHash: string }, InvitationRow> = {
  name: 'invitation_by_ticket',
  build: (builder) => builder.from(InvitationEntity, 'i').where('i.ticketHash = :ticketHash'),
  select: invitationSelection,
};

export async function findInvitationByTicket(
  store: Store,
  ticketHash: string,
): Promise<InvitationRow | null> {
  return (await store.read(byTicket, { ticketHash }))[0] ?? null;
}

const byIds: Read<{ ids: readonly string[] }, InvitationRow> = {
  name: 'invitations_by_id',
  build: (builder, dialect) => builder.from(InvitationEntity, 'i').where(dialect.anyOf('i.id', ':ids')),
  select: invitationSelection,
};

export function findInvitations(store: Store, ids: readonly string[]): Promise<InvitationRow[]> {
  return store.read(byIds, { ids });
}

export interface InvitationSlice {
  readonly organizationIds: readonly string[];
  readonly statuses: readonly InvitationState[] | null;
  readonly now: Instant;
  readonly after: readonly [createdAt: number, id: string] | null;
  readonly limit: number;
}

/** The newest invitations of each organization; one statement for all. */
export function findInvitationPages(store: Store, slice: InvitationSlice): Promise<InvitationRow[]> {
  const at = columnOf(store);
  const { columns, kinds } = store.selection(invitationSelection);
  const order = sql`${at('createdAt')} DESC, ${at('id')} DESC`;
  const source = store.dialect.firstPerKey({
    keys: slice.organizationIds,
    table: store.table(InvitationEntity),
    alias: 'i',
    parent: at('organizationId'),
    id: at('id'),
    where: sql.and([
      statusCondition(store, slice.statuses, slice.now),
      slice.after === null
        ? null
        : sql`(${at('createdAt')}, ${at('id')}) < (${slice.after[0]}, ${slice.after[1]})`,
    ]),
    orderBy: order,
    limit: slice.limit,
  });
  return store.query<InvitationRow>(sql`SELECT ${columns} FROM ${source} ORDER BY ${order}`, kinds);
}

export async function countInvitations(
  store: Store,
  organizationId: string,
  { statuses, now }: Pick<InvitationSlice, 'statuses' | 'now'>,
): Promise<number> {
  const condition = sql.and([
    sql`${columnOf(store)('organizationId')} = ${organizationId}`,
    statusCondition(store, statuses, now),
  ]);
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(InvitationEntity)} AS i WHERE ${condition}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

function statusCondition(
  store: Store,
  statuses: readonly InvitationState[] | null,
  now: Instant,
): Sql | null {
  if (statuses === null) return null;
  const at = columnOf(store);
  const isPending = sql`${at('status')} = 'PENDING'`;
  return sql.or(
    [...new Set(statuses)].map((status) => {
      if (status === 'PENDING') return sql`${isPending} AND ${at('expiresAt')} > ${now}`;
      if (status === 'EXPIRED') {
        return sql`${at('status')} = 'EXPIRED' OR (${isPending} AND ${at('expiresAt')} <= ${now})`;
      }
      return sql`${at('status')} = ${status}`;
    }),
  );
}

function columnOf(store: Store): (property: keyof InvitationEntity & string) => Sql {
  return (property) => store.column(InvitationEntity, property, 'i');
}

export async function insertInvitations(
  store: Store,
  rows: readonly (InvitationRow & { readonly ticketHash: string })[],
): Promise<void> {
  await store.insert(InvitationEntity, rows);
}

export async function insertInvitationRoles(
  store: Store,
  invitationIds: readonly string[],
  roleIds: readonly string[],
): Promise<void> {
  const rows = invitationIds.flatMap((invitationId) => roleIds.map((roleId) => ({ invitationId, roleId })));
  if (rows.length > 0) await store.insert(InvitationRoleEntity, rows);
}

/** Sends out a new ticket; the old one is worth nothing from now on. */
export async function renewInvitation(
  store: Store,
  id: string,
  set: Pick<InvitationRow, 'status' | 'expiresAt' | 'lastSentAt' | 'sendCount' | 'endedAt'> & {
    readonly ticketHash: string;
  },
): Promise<void> {
  await store.update(InvitationEntity, { id }, set);
}

/** Uses the ticket up; false when somebody else was first, or the ticket was replaced. */
export async function takeTicket(
  store: Store,
  ticketHash: string,
  { userId, now }: { readonly userId: string; readonly now: Instant },
): Promise<boolean> {
  const set = { status: 'ACCEPTED', acceptedBy: userId, endedAt: now };
  return (await store.update(InvitationEntity, { ticketHash, status: 'PENDING' }, set)) === 1;
}

/** Revokes those that are still outstanding. */
export function revokePending(
  store: Store,
  which: { readonly organizationId: string } & (
    { readonly id: readonly string[] } | { readonly emailFolded: readonly string[] }
  ),
  now: Instant,
): Promise<number> {
  return store.update(InvitationEntity, { ...which, status: 'PENDING' }, { status: 'REVOKED', endedAt: now });
}

const invitationRoleSelection = {
  ...columnsOf(RoleEntity, 'r', [
    'id',
    'name',
    'description',
    'type',
    'organizationId',
    'applicationId',
    'createdAt',
    'updatedAt',
  ]),
  invitationId: column(InvitationRoleEntity, 'ir', 'invitationId'),
};
export type InvitationRoleRow = RowOf<typeof invitationRoleSelection>;

const rolesByInvitation: Read<{ ids: readonly string[] }, InvitationRoleRow> = {
  name: 'roles_by_invitation',
  build: (builder, dialect) =>
    builder
      .from(InvitationRoleEntity, 'ir')
      .innerJoin(RoleEntity, 'r', 'r.id = ir.roleId')
      .where(dialect.anyOf('ir.invitationId', ':ids'))
      .orderBy('r.nameFolded')
      .addOrderBy('r.id'),
  select: invitationRoleSelection,
};

/** The roles that each invitation brings, by name; those deleted since are gone from it. */
export function findRolesOfInvitations(store: Store, ids: readonly string[]): Promise<InvitationRoleRow[]> {
  return store.read(rolesByInvitation, { ids });
}

const overdue: Read<{ before: Instant; limit: number }, { readonly id: string }> = {
  name: 'invitations_overdue',
  build: (builder) =>
    builder.from(InvitationEntity, 'i').where("i.status = 'PENDING'").andWhere('i.expiresAt <= :before'),
  select: columnsOf(InvitationEntity, 'i', ['id']),
  limit: 'limit',
};

export async function findOverdueInvitations(store: Store, now: Instant, limit: number): Promise<string[]> {
  return (await store.read(overdue, { before: now, limit })).map(({ id }) => id);
}

export function expireInvitations(store: Store, ids: readonly string[], now: Instant): Promise<number> {
  return store.update(InvitationEntity, { id: ids, status: 'PENDING' }, { status: 'EXPIRED', endedAt: now });
}

const ended: Read<{ before: Instant; limit: number }, { readonly id: string }> = {
  name: 'invitations_ended',
  build: (builder) => builder.from(InvitationEntity, 'i').where('i.endedAt < :before'),
  select: columnsOf(InvitationEntity, 'i', ['id']),
  limit: 'limit',
};

export async function findInvitationsEndedBefore(
  store: Store,
  before: Instant,
  limit: number,
): Promise<string[]> {
  return (await store.read(ended, { before, limit })).map(({ id }) => id);
}

export function deleteInvitations(store: Store, ids: readonly string[]): Promise<number> {
  return store.delete(InvitationEntity, { id: ids });
}

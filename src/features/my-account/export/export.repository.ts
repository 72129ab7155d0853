import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { column, columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const sessionColumns = columnsOf(SessionEntity, 's', [
  'id',
  'status',
  'createdAt',
  'lastInteractedAt',
  'endedAt',
  'endReason',
  'device',
  'clients',
  'metadata',
]);
const membershipColumns = {
  ...columnsOf(MembershipEntity, 'm', ['organizationId', 'joinedAt', 'joinedVia']),
  organizationName: column(OrganizationEntity, 'o', 'name'),
};

interface Which {
  readonly userId: string;
  readonly limit: number;
}

export type ExportedSession = RowOf<typeof sessionColumns>;
export type ExportedMembership = RowOf<typeof membershipColumns>;

const sessions: Read<Which, ExportedSession> = {
  name: 'export_sessions',
  build: (builder) =>
    builder
      .from(SessionEntity, 's')
      .where('s.userId = :userId')
      .orderBy('s.createdAt', 'DESC')
      .addOrderBy('s.id'),
  select: sessionColumns,
  limit: 'limit',
};

const memberships: Read<Which & { readonly organizationId: string | null }, ExportedMembership> = {
  name: 'export_memberships',
  build: (builder) =>
    builder
      .from(MembershipEntity, 'm')
      .innerJoin(OrganizationEntity, 'o', 'o.id = m.organizationId')
      .where('m.userId = :userId')
      // A parameter that may be null has no type of its own; the cast gives it one.
      .andWhere('(CAST(:organizationId AS text) IS NULL OR m.organizationId = :organizationId)')
      .orderBy('m.joinedAt')
      .addOrderBy('m.id'),
  select: membershipColumns,
  limit: 'limit',
};

/** The newest sessions of a user, ended ones included. */
export function findExportedSessions(
  store: Store,
  userId: string,
  limit: number,
): Promise<ExportedSession[]> {
  return store.read(sessions, { userId, limit });
}

/** Those of one organization alone, or of all (null). */
export function findExportedMemberships(
  store: Store,
  userId: string,
  organizationId: string | null,
  limit: number,
): Promise<ExportedMembership[]> {
  return store.read(memberships, { userId, organizationId, limit });
}

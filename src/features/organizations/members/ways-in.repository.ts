import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { columnsOf } from '#src/storage/columns';
import type { Read, Store } from '#src/storage/store';

const waysIn: Read<{ userId: string; organizationIds: readonly string[] }, WayIn> = {
  name: 'ways_into_organizations',
  build: (builder, dialect) =>
    builder
      .from(MembershipEntity, 'm')
      .where('m.userId = :userId')
      .andWhere(dialect.anyOf('m.organizationId', ':organizationIds')),
  select: columnsOf(MembershipEntity, 'm', ['organizationId', 'joinedConnectionId']),
};

export interface WayIn {
  readonly organizationId: string;
  /** The connection that made the user a member; null: something else did. */
  readonly joinedConnectionId: string | null;
}

/** How a user became a member of those of the organizations that it is in. */
export function findWaysIn(
  store: Store,
  userId: string,
  organizationIds: readonly string[],
): Promise<WayIn[]> {
  return store.read(waysIn, { userId, organizationIds });
}

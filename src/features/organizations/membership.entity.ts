import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** A user's membership of an organization. */
@Entity({ name: 'memberships' })
export class MembershipEntity {
  @idColumn()
  id: string;

  @textColumn()
  organizationId: string;

  @textColumn()
  userId: string;

  @instantColumn()
  joinedAt: number;

  @textColumn()
  joinedVia: string;
}

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

  /** The connection through which a member by SIGN_IN came; null: another way, or before this was kept. */
  @textColumn({ nullable: true })
  joinedConnectionId: string | null;
}

import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** A role that a member has within the organization. */
@Entity({ name: 'membership_roles' })
export class MembershipRoleEntity {
  @textColumn({ primary: true })
  membershipId: string;

  @textColumn({ primary: true })
  roleId: string;
}

import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** A role that an invitation brings. */
@Entity({ name: 'organization_invitation_roles' })
export class InvitationRoleEntity {
  @textColumn({ primary: true })
  invitationId: string;

  @textColumn({ primary: true })
  roleId: string;
}

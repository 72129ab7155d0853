import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** A role that members get who join through a connection. */
@Entity({ name: 'organization_connection_roles' })
export class OrganizationConnectionRoleEntity {
  @textColumn({ primary: true })
  organizationId: string;

  @textColumn({ primary: true })
  connectionId: string;

  @textColumn({ primary: true })
  roleId: string;
}

import { Entity } from 'typeorm';
import { idColumn, instantColumn } from '#src/storage/columns';

/** That an application was granted to an organization. In force while the organization admits granted applications only. */
@Entity({ name: 'organization_applications' })
export class OrganizationApplicationEntity {
  @idColumn()
  organizationId: string;

  @idColumn()
  applicationId: string;

  @instantColumn()
  createdAt: number;
}

import { Entity } from 'typeorm';
import { booleanColumn, instantColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** That members of an organization may come through a connection, and how. */
@Entity({ name: 'organization_connections' })
export class OrganizationConnectionEntity {
  @textColumn({ primary: true })
  organizationId: string;

  @textColumn({ primary: true })
  connectionId: string;

  @booleanColumn()
  isEnabled: boolean;

  @booleanColumn()
  assignMembershipOnLogin: boolean;

  @booleanColumn()
  syncMembership: boolean;

  /** Names of groups at the provider. */
  @jsonColumn()
  membershipGroups: readonly string[];

  @booleanColumn()
  isSignupEnabled: boolean;

  @booleanColumn()
  showAsButton: boolean;

  @textColumn()
  organizationAccessLevel: string;

  @textColumn({ nullable: true })
  organizationConnectionName: string | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;
}

import { Entity } from 'typeorm';
import { booleanColumn, idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** A mail domain that an organization says is its own. */
@Entity({ name: 'organization_domains' })
export class DomainEntity {
  @idColumn()
  id: string;

  @textColumn()
  organizationId: string;

  /** In the ASCII form of internationalised names, in lower case. */
  @textColumn()
  domain: string;

  @textColumn()
  status: string;

  @booleanColumn()
  useForOrganizationDiscovery: boolean;

  /** What the DNS has to say for the domain to be proven. */
  @textColumn()
  verificationTxt: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;

  @instantColumn({ nullable: true })
  lastCheckedAt: number | null;

  @instantColumn({ nullable: true })
  verifiedAt: number | null;
}

import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  textColumn,
} from '#src/storage/columns';

/** A group of users with roles of its own. */
@Entity({ name: 'organizations' })
export class OrganizationEntity {
  @idColumn()
  id: string;

  @textColumn()
  name: string;

  @textColumn({ nullable: true })
  displayName: string | null;

  @textColumn({ nullable: true })
  logoUrl: string | null;

  @textColumn({ nullable: true })
  primaryColor: string | null;

  @textColumn({ nullable: true })
  pageBackgroundColor: string | null;

  @jsonColumn()
  metadata: Record<string, string>;

  @textColumn()
  thirdPartyClientAccess: string;

  @booleanColumn()
  appEntitlementActive: boolean;

  /** How many tokens its machines may get. */
  @jsonColumn({ nullable: true })
  tokenQuota: { enforce: boolean; perHour: number | null; perDay: number | null } | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;

  @integerColumn()
  version: number;
}

import { Entity } from 'typeorm';
import { idColumn, instantColumn, integerColumn, textColumn } from '#src/storage/columns';

/** How many tokens the machines of an organization got in the present hour or day. */
@Entity({ name: 'organization_token_counts' })
export class OrganizationTokenCountEntity {
  @idColumn()
  organizationId: string;

  /** HOUR or DAY. */
  @textColumn({ primary: true })
  span: string;

  /** When the hour or day began, in UTC. */
  @instantColumn()
  startedAt: number;

  @integerColumn()
  tokens: number;
}

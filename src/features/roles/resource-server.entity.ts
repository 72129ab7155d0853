import { Entity } from 'typeorm';
import { booleanColumn, idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** An API whose permissions are administered here. */
@Entity({ name: 'resource_servers' })
export class ResourceServerEntity {
  @idColumn()
  id: string;

  @textColumn()
  identifier: string;

  @textColumn()
  name: string;

  @booleanColumn()
  enforcePolicies: boolean;

  @textColumn()
  tokenDialect: string;

  /** The gateway's own API: cannot be changed or deleted. */
  @booleanColumn()
  isSystem: boolean;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;
}

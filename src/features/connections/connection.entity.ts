import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  textColumn,
} from '#src/storage/columns';

/** A place where users come from. `main` is the default database connection. */
@Entity({ name: 'connections' })
export class ConnectionEntity {
  @idColumn()
  id: string;

  /** Immutable: users and identities refer to it. */
  @textColumn()
  name: string;

  /** The first part of the ids of its users; `auth0` is the database strategy. */
  @textColumn()
  strategy: string;

  @textColumn({ nullable: true })
  displayName: string | null;

  @booleanColumn()
  isEnabled: boolean;

  @jsonColumn()
  options: Record<string, unknown>;

  /** Since when it is being deleted with its users; null: it is not. */
  @instantColumn({ nullable: true })
  deletingAt: number | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;

  /** Raised with every change of the settings. */
  @integerColumn()
  version: number;
}

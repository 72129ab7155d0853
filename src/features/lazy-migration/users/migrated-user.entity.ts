import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** Who came from a source, and who shall not come again. */
@Entity({ name: 'migrated_users' })
export class MigratedUserEntity {
  @textColumn({ primary: true })
  connection: string;

  /** The part of the user id behind the strategy. */
  @textColumn({ primary: true })
  sourceId: string;

  /** Null after the user was deleted here. */
  @textColumn({ nullable: true })
  userId: string | null;

  @textColumn()
  cause: 'SIGN_IN' | 'RESET' | 'DELETED';

  @instantColumn()
  migratedAt: number;

  @instantColumn({ nullable: true })
  deletedAt: number | null;
}

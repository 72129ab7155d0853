import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** What a connection proves itself with at its provider. SECURITY: sealed, and without any type of the API. */
@Entity({ name: 'connection_secrets' })
export class ConnectionSecretEntity {
  @idColumn()
  connectionId: string;

  /** `clientSecret`, `privateKey`, `bindPassword` … */
  @idColumn()
  name: string;

  /** Sealed with the key ring, bound to connection and name. */
  @textColumn()
  sealed: string;

  @instantColumn()
  updatedAt: number;
}

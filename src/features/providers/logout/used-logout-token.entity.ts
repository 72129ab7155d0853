import { Entity } from 'typeorm';
import { idColumn, instantColumn } from '#src/storage/columns';

/** A logout token that was taken: it is taken once. */
@Entity({ name: 'used_logout_tokens' })
export class UsedLogoutTokenEntity {
  @idColumn()
  connectionId: string;

  /** SHA-256 of the token's id. */
  @idColumn()
  tokenHash: string;

  /** When it could no longer be sent again anyway. */
  @instantColumn()
  expiresAt: number;
}

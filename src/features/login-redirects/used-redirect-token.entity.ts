import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** A token that a page elsewhere sent back, taken once. */
@Entity({ name: 'used_redirect_tokens' })
export class UsedRedirectTokenEntity {
  @textColumn({ primary: true })
  redirectName: string;

  /** SHA-256 of its `jti`, in hexadecimal digits. */
  @textColumn({ primary: true })
  tokenHash: string;

  @instantColumn()
  expiresAt: number;
}

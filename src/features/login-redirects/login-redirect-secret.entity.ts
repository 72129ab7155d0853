import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** The key that a page elsewhere shares with the gateway, sealed. */
@Entity({ name: 'login_redirect_secrets' })
export class LoginRedirectSecretEntity {
  @textColumn({ primary: true })
  redirectName: string;

  @textColumn()
  sealed: string;

  @instantColumn()
  updatedAt: number;
}

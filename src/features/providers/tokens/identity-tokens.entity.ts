import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** What a provider gave to act there for a user, where the connection keeps it. No type shows a row. */
@Entity({ name: 'identity_tokens' })
export class IdentityTokensEntity {
  @idColumn()
  identityId: string;

  /** Access and refresh token, sealed for this row. */
  @textColumn()
  sealedTokens: string;

  @instantColumn()
  updatedAt: number;
}

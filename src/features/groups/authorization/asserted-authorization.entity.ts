import { Entity } from 'typeorm';
import { instantColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** What the provider of the last sign-in said of a user's groups, roles and permissions; kept only where tokens pass it on. */
@Entity({ name: 'asserted_authorizations' })
export class AssertedAuthorizationEntity {
  @textColumn({ primary: true })
  userId: string;

  @textColumn()
  connectionId: string;

  @jsonColumn()
  content: {
    readonly groups: readonly string[];
    readonly roles: readonly string[];
    readonly permissions: readonly string[];
  };

  @instantColumn()
  assertedAt: number;
}

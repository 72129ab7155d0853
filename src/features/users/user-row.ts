import { UserEntity } from './user.entity';
import { columnsOf } from '#src/storage/columns';
import type { RowOf } from '#src/storage/store';

/** The columns of a user (alias `u`) that its object type shows; folded copies and the credential epoch stay in the database. */
export const userColumns = columnsOf(UserEntity, 'u', [
  'id',
  'connection',
  'email',
  'emailVerified',
  'username',
  'phoneNumber',
  'phoneVerified',
  'name',
  'givenName',
  'familyName',
  'nickname',
  'picture',
  'blocked',
  'attributes',
  'createdAt',
  'updatedAt',
  'lastLogin',
  'lastIp',
  'loginsCount',
  'lastPasswordReset',
  'multifactor',
  'multifactorLastModified',
  'version',
]);

export type UserRow = RowOf<typeof userColumns>;

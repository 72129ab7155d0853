import { UserEntity } from './user.entity';
import type { FieldColumns } from '#src/graphql/needed-columns';
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

/** What the fields of `User` take of a row; edges of later features hang on its id alone. */
export const userFieldColumns: FieldColumns<keyof UserRow | 'nameInputs'> = {
  type: 'User',
  always: ['id'],
  resolved: {
    name: ['name', 'nameInputs'],
    nickname: ['nickname', 'email', 'username'],
    multifactor: ['multifactor'],
    attributes: ['attributes'],
    identities: [],
    metadata: [],
    roles: [],
    organizations: [],
    permissions: [],
    sessions: [],
  },
};

export type UserRow = RowOf<typeof userColumns>;

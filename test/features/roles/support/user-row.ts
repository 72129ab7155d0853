import { foldText } from '#src/features/users/fold-text';
import type { UserEntity } from '#src/features/users/user.entity';

export const instant = Date.UTC(2026, 0, 15, 12);

/** A row of a user of whom nothing is known but what is given. */
export function userRow(id: string, fields: Partial<UserEntity>): Partial<UserEntity> {
  const name = fields.name ?? null;
  return {
    id,
    connection: 'main',
    email: null,
    emailFolded: null,
    emailDomain: null,
    emailVerified: null,
    username: null,
    phoneNumber: null,
    phoneVerified: null,
    nameFolded: name === null ? null : foldText(name),
    givenName: null,
    givenNameFolded: null,
    familyName: null,
    familyNameFolded: null,
    nickname: null,
    nicknameFolded: null,
    picture: null,
    blocked: false,
    attributes: null,
    createdAt: instant,
    updatedAt: instant,
    lastLogin: null,
    lastIp: null,
    loginsCount: null,
    lastPasswordReset: null,
    multifactor: null,
    multifactorLastModified: null,
    credentialEpoch: 1,
    version: 1,
    ...fields,
    name,
  };
}

import { AuditEventEntity } from '#src/features/audit/audit-event.entity';
import { AuthenticationMethodEntity } from '#src/features/factors/methods/authentication-method.entity';
import { TotpSecretEntity } from '#src/features/factors/totp/totp-secret.entity';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { profileLeafRows } from '#src/features/identities/profile-leaves';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { flatten, isSearchablePath, leafValues } from '#src/features/metadata/flatten';
import { foldOptional, foldText } from '#src/features/users/fold-text';
import { domainOf } from '#src/features/users/identifiers/email-address';
import { strategyKind } from '#src/features/connections/strategy';
import type { RowBuffer } from './row-buffer.repository';

type Derived =
  'emailFolded' | 'emailDomain' | 'nameFolded' | 'givenNameFolded' | 'familyNameFolded' | 'nicknameFolded';

/** A user as it is stored, without the columns that follow from others. */
export type UserRecord = Omit<UserEntity, Derived | 'credentialEpoch' | 'version' | 'attributes'>;

export interface IdentityRecord {
  readonly id: string;
  readonly connection: string;
  readonly provider: string;
  readonly providerUserId: string;
  readonly isSocial?: boolean | undefined;
  readonly profileData: Record<string, unknown> | null;
  readonly createdAt: number;
}

type MetadataObject = Readonly<Record<string, unknown>>;

/** The rows of one new user, put into a buffer. */
export const newUserRows = {
  /** The user and what can be signed in with. */
  user(rows: RowBuffer, user: UserRecord): void {
    rows.add(UserEntity, {
      email: user.email,
      emailVerified: user.emailVerified,
      username: user.username,
      phoneNumber: user.phoneNumber,
      phoneVerified: user.phoneVerified,
      name: user.name,
      givenName: user.givenName,
      familyName: user.familyName,
      nickname: user.nickname,
      picture: user.picture,
      id: user.id,
      connection: user.connection,
      blocked: user.blocked,
      attributeSources: user.attributeSources,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
      lastLogin: user.lastLogin,
      lastIp: user.lastIp,
      loginsCount: user.loginsCount,
      lastPasswordReset: user.lastPasswordReset,
      multifactor: user.multifactor,
      multifactorLastModified: user.multifactorLastModified,
      emailFolded: foldOptional(user.email),
      emailDomain: user.email === null ? null : domainOf(user.email),
      nameFolded: foldOptional(user.name),
      givenNameFolded: foldOptional(user.givenName),
      familyNameFolded: foldOptional(user.familyName),
      nicknameFolded: foldOptional(user.nickname),
      attributes: null,
      credentialEpoch: 1,
      version: 1,
    });
    const identifiers = { email: user.email, username: user.username, phone: user.phoneNumber } as const;
    for (const kind of ['email', 'username', 'phone'] as const) {
      const value = identifiers[kind];
      if (value === null) continue;
      rows.add(LoginIdentifierEntity, {
        connection: user.connection,
        kind,
        value: foldText(value),
        userId: user.id,
      });
    }
  },

  /** The first identity is the primary. */
  identities(rows: RowBuffer, userId: string, identities: readonly IdentityRecord[]): void {
    identities.forEach((identity, position) => {
      rows.add(IdentityEntity, {
        id: identity.id,
        connection: identity.connection,
        provider: identity.provider,
        providerUserId: identity.providerUserId,
        profileData: identity.profileData,
        createdAt: identity.createdAt,
        userId,
        position,
        isSocial: identity.isSocial ?? strategyKind(identity.provider) === 'SOCIAL',
        discardedMetadata: null,
      });
      if (identity.profileData === null) return;
      for (const leaf of profileLeafRows({ id: identity.id, userId }, identity.profileData))
        rows.add(ProfileLeafEntity, leaf);
    });
  },

  metadata(
    rows: RowBuffer,
    content: Pick<MetadataEntity, 'userId' | 'bytes' | 'updatedAt'> & {
      readonly user: MetadataObject;
      readonly app: MetadataObject;
    },
    isIndexed: (store: 'user' | 'app', path: string) => boolean,
  ): void {
    const { userId, user, app, bytes, updatedAt } = content;
    rows.add(MetadataEntity, { userId, userJson: user, appJson: app, bytes, version: 1, updatedAt });
    for (const store of ['user', 'app'] as const) {
      for (const leaf of flatten(content[store])) {
        if (!isSearchablePath(leaf.path) || !isIndexed(store, leaf.path)) continue;
        const { path, kind } = leaf;
        const { textValue, textHash, numberValue } = leafValues(leaf);
        rows.add(MetadataLeafEntity, { userId, store, path, kind, textValue, textHash, numberValue });
      }
    }
  },

  password(
    rows: RowBuffer,
    password: Pick<PasswordEntity, 'userId' | 'hash' | 'mustChange' | 'updatedAt'>,
  ): void {
    const { userId, hash, mustChange, updatedAt } = password;
    rows.add(PasswordEntity, {
      userId,
      hash,
      mustChange,
      updatedAt,
      source: null,
      policyDebt: false,
      isUnproven: true,
    });
  },

  role(rows: RowBuffer, userId: string, roleId: string, createdAt: number): void {
    rows.add(UserRoleEntity, { userId, roleId, createdAt });
  },

  membership(rows: RowBuffer, membership: MembershipEntity, roleIds: readonly string[]): void {
    rows.add(MembershipEntity, membership);
    for (const roleId of roleIds) rows.add(MembershipRoleEntity, { membershipId: membership.id, roleId });
  },

  factor(
    rows: RowBuffer,
    factor: Pick<AuthenticationMethodEntity, 'id' | 'userId' | 'type' | 'name'> & {
      readonly now: number;
      readonly sealedSeed: string | null;
    },
  ): void {
    const { now, sealedSeed, ...method } = factor;
    rows.add(AuthenticationMethodEntity, {
      ...{ ...method, isConfirmed: true, createdAt: now, confirmedAt: now, lastUsedAt: null },
    });
    if (sealedSeed !== null) rows.add(TotpSecretEntity, { methodId: method.id, sealedSeed, lastStep: null });
  },

  audit(rows: RowBuffer, event: AuditEventEntity): void {
    rows.add(AuditEventEntity, event);
  },
};

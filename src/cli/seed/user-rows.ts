import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { profileLeafRows } from '#src/features/identities/profile-leaves';
import { strategyKind, ownsIdentifiers } from '#src/features/connections/strategy';
import { sizeOf } from '#src/features/metadata/check-metadata';
import { flatten, isSearchablePath, leafValues } from '#src/features/metadata/flatten';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import type { MetadataObject, StoreName } from '#src/features/metadata/metadata-store';
import { domainOf } from '#src/features/users/identifiers/email-address';
import { foldOptional, foldText } from '#src/features/users/fold-text';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import type { RowBuffer } from './row-buffer';

type Derived =
  'emailFolded' | 'emailDomain' | 'nameFolded' | 'givenNameFolded' | 'familyNameFolded' | 'nicknameFolded';

/** A user as it is stored, without the columns that follow from others. */
export type UserRecord = Omit<UserEntity, Derived | 'attributeSources' | 'credentialEpoch' | 'version'>;

export interface IdentityRecord {
  readonly id: string;
  readonly connection: string;
  readonly strategy: string;
  readonly providerUserId: string;
  readonly profileData: Record<string, unknown> | null;
  readonly createdAt: Instant;
  /** Default: what the strategy says. */
  readonly isSocial?: boolean;
}

/** Adds the user and what can be signed in with; `strategy` is that of the user's connection. */
export function addUser(rows: RowBuffer, user: UserRecord, strategy: string): void {
  rows.add(UserEntity, {
    ...user,
    emailFolded: foldOptional(user.email),
    emailDomain: user.email === null ? null : domainOf(user.email),
    nameFolded: foldOptional(user.name),
    givenNameFolded: foldOptional(user.givenName),
    familyNameFolded: foldOptional(user.familyName),
    nicknameFolded: foldOptional(user.nickname),
    attributeSources: null,
    credentialEpoch: 1,
    version: 1,
  });
  if (!ownsIdentifiers(strategy)) return;
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
}

/** Adds the identities of a user; the first one is the primary. */
export function addIdentities(rows: RowBuffer, userId: string, identities: readonly IdentityRecord[]): void {
  identities.forEach((identity, position) => {
    rows.add(IdentityEntity, {
      id: identity.id,
      userId,
      position,
      connection: identity.connection,
      provider: identity.strategy,
      providerUserId: identity.providerUserId,
      isSocial: identity.isSocial ?? strategyKind(identity.strategy) === 'SOCIAL',
      profileData: identity.profileData,
      discardedMetadata: null,
      createdAt: identity.createdAt,
    });
    for (const leaf of profileLeafRows({ id: identity.id, userId }, identity.profileData))
      rows.add(ProfileLeafEntity, leaf);
  });
}

/** Adds both metadata stores of a user and their searchable leaves. */
export function addMetadata(
  rows: RowBuffer,
  userId: string,
  stores: { readonly user: MetadataObject; readonly app: MetadataObject },
  updatedAt: Instant,
): void {
  rows.add(MetadataEntity, {
    userId,
    userJson: stores.user,
    appJson: stores.app,
    bytes: sizeOf(stores.user, stores.app),
    version: 1,
    updatedAt,
  });
  addLeaves(rows, userId, 'user', stores.user);
  addLeaves(rows, userId, 'app', stores.app);
}

function addLeaves(rows: RowBuffer, userId: string, store: StoreName, value: MetadataObject): void {
  for (const leaf of flatten(value)) {
    if (!isSearchablePath(leaf.path)) continue;
    const { path, kind } = leaf;
    rows.add(MetadataLeafEntity, { userId, store, path, kind, ...leafValues(leaf) });
  }
}

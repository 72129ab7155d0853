import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { profileLeafRows } from '#src/features/identities/profile-leaves';
import { flatten, textHash } from '#src/features/metadata/flatten';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { Storage, Store } from '#src/storage/store';
import {
  organizationIds,
  rolePermissions,
  type PlainObject,
  type PlainUser,
} from '#test/features/search/support/population';

const now = 0;

/** Stores users with everything that searches look at, connections, organizations and roles included. */
export async function insertUsers(storage: Storage, users: readonly PlainUser[]): Promise<void> {
  await storage.open().transaction(async (store) => {
    await insertSurroundings(store, users);
    for (const user of users) await insertUser(store, user);
  });
}

async function insertSurroundings(store: Store, users: readonly PlainUser[]): Promise<void> {
  const connections = new Map(
    users.flatMap((user) =>
      user.identities.map(({ connection, provider }) => [connection, provider] as const),
    ),
  );
  for (const [name, strategy] of connections) {
    const row = {
      id: `con_${name}`,
      name,
      strategy,
      displayName: null,
      isEnabled: true,
      options: {},
      createdAt: now,
      updatedAt: now,
    };
    await store.insert(ConnectionEntity, row, { ignoreConflicts: true });
  }
  for (const id of organizationIds) {
    const texts = { displayName: null, logoUrl: null, primaryColor: null, pageBackgroundColor: null };
    const row = {
      id,
      name: id,
      ...texts,
      metadata: {},
      thirdPartyClientAccess: 'BLOCK',
      appEntitlementActive: false,
    };
    await store.insert(OrganizationEntity, { ...row, createdAt: now, updatedAt: now, version: 1 });
  }
  const server = {
    id: 'api_x',
    identifier: 'urn:x',
    name: 'x',
    enforcePolicies: true,
    tokenDialect: 'x',
    isSystem: false,
  };
  await store.insert(ResourceServerEntity, { ...server, createdAt: now, updatedAt: now });
  for (const name of new Set([
    ...Object.values(rolePermissions).flat(),
    ...users.flatMap((user) => user.permissions),
  ])) {
    await store.insert(PermissionEntity, {
      id: `prm_${name}`,
      resourceServerId: 'api_x',
      name,
      description: null,
    });
  }
  for (const [name, permissions] of Object.entries(rolePermissions)) {
    const row = {
      id: `rol_${name}`,
      name,
      nameFolded: name,
      description: null,
      type: 'TENANT' as const,
      organizationId: null,
    };
    await store.insert(RoleEntity, { ...row, createdAt: now, updatedAt: now });
    for (const permission of permissions) {
      await store.insert(RolePermissionEntity, { roleId: row.id, permissionId: `prm_${permission}` });
    }
  }
}

/** The row of a user's own columns. */
export function userRow(user: PlainUser): UserEntity {
  const instant = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));
  const folded = (text: string | undefined): string | null => text?.toLowerCase() ?? null;
  return {
    id: user.user_id,
    attributeSources: null,
    connection: user.identities[0]?.connection ?? 'main',
    email: user.email ?? null,
    emailFolded: folded(user.email),
    emailDomain: folded(user.email)?.split('@').at(-1) ?? null,
    emailVerified: user.email_verified ?? null,
    username: user.username ?? null,
    phoneNumber: user.phone_number ?? null,
    phoneVerified: user.phone_verified ?? null,
    name: user.name ?? null,
    nameFolded: folded(user.name),
    givenName: user.given_name ?? null,
    givenNameFolded: folded(user.given_name),
    familyName: user.family_name ?? null,
    familyNameFolded: folded(user.family_name),
    nickname: user.nickname ?? null,
    nicknameFolded: folded(user.nickname),
    picture: null,
    blocked: user.blocked,
    attributes: null,
    createdAt: Date.parse(user.created_at),
    updatedAt: Date.parse(user.updated_at),
    lastLogin: instant(user.last_login),
    lastIp: user.last_ip ?? null,
    loginsCount: user.logins_count ?? null,
    lastPasswordReset: null,
    multifactor: null,
    multifactorLastModified: null,
    credentialEpoch: 1,
    version: 1,
  };
}

/** Stores one user; connections, organizations and roles must be there. */
export async function insertUser(store: Store, user: PlainUser): Promise<void> {
  const userId = user.user_id;
  await store.insert(UserEntity, userRow(user));
  let position = 0;
  for (const { connection, provider, user_id, isSocial, profileData } of user.identities) {
    const place = { id: `idn_${userId}_${position}`, userId, position, createdAt: now };
    await store.insert(IdentityEntity, {
      ...place,
      connection,
      provider,
      providerUserId: user_id,
      isSocial,
      profileData: profileData ?? null,
    });
    const leaves = profileLeafRows({ id: place.id, userId }, profileData ?? null);
    if (leaves.length > 0) await store.insert(ProfileLeafEntity, leaves);
    position += 1;
  }
  for (const organizationId of user.organizations) {
    const id = `mem_${userId}_${organizationId}`;
    await store.insert(MembershipEntity, { id, organizationId, userId, joinedAt: now, joinedVia: 'ADMIN' });
  }
  for (const role of user.roles)
    await store.insert(UserRoleEntity, { userId, roleId: `rol_${role}`, createdAt: now });
  for (const permission of user.permissions) {
    await store.insert(UserPermissionEntity, { userId, permissionId: `prm_${permission}`, createdAt: now });
  }
  await insertMetadata(store, userId, user.user_metadata, user.app_metadata);
}

async function insertMetadata(
  store: Store,
  userId: string,
  user: PlainObject,
  app: PlainObject,
): Promise<void> {
  await store.insert(MetadataEntity, {
    userId,
    userJson: user,
    appJson: app,
    bytes: 0,
    version: 1,
    updatedAt: now,
  });
  for (const [name, value] of [
    ['user', user],
    ['app', app],
  ] as const) {
    for (const leaf of flatten(value)) {
      const text = leaf.kind === 'text' ? [...leaf.value] : null;
      await store.insert(MetadataLeafEntity, {
        userId,
        store: name,
        path: leaf.path,
        kind: leaf.kind,
        textValue: text ? text.slice(0, 256).join('') : null,
        textHash: text && text.length > 256 ? textHash(text.join('')) : null,
        numberValue: leaf.kind === 'text' ? null : Number(leaf.value),
      });
    }
  }
}

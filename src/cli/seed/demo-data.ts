import { ApplicationEntity } from '#src/features/applications/application.entity';
import { chosenHere } from '#src/features/passwords/credential.repository';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { newSessionSecret } from '#src/features/sessions/session-token';
import { foldText } from '#src/features/users/fold-text';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import type { Read, Storage, Store } from '#src/storage/store';
import { checkProfiles } from './check-profiles';
import { demoApi, demoApplication, demoOrganizations, demoPassword, demoRoles } from './demo-access';
import { demoUsers, type DemoUser } from './demo-users';
import { insertProfiles, type LoadSurroundings } from './load-profiles';
import { createRowBuffer, type RowBuffer } from './row-buffer';
import { anyUserExists } from './seed-users';
import { hashSecret } from '#src/shared/secret-hash';

export interface DemoSurroundings extends LoadSurroundings {
  /** Makes the stored form of the demo password; without it nobody of the demo can sign in. */
  readonly hashPassword?: (password: string) => Promise<string>;
}

interface DemoIds {
  readonly roles: ReadonlyMap<string, string>;
  readonly organizations: ReadonlyMap<string, string>;
}

const hour = 3_600_000;

/**
 * Loads the demo data set, in one transaction, into a database without users; answers whether it did. The gateway's own
 * permissions must be in the database already: the administrator's role gets them all.
 */
export async function loadDemoData(storage: Storage, surroundings: DemoSurroundings): Promise<boolean> {
  // Asked before the password is hashed too: most starts find users.
  if (await anyUserExists(storage.open())) return false;
  const { profiles, problems } = checkProfiles(
    demoUsers.map((user) => user.profile),
    surroundings.ids,
  );
  if (problems.length > 0) throw new Error(`The demo data is wrong: ${problems.join('; ')}`);
  const passwordHash = (await surroundings.hashPassword?.(demoPassword)) ?? null;
  return storage.open().transaction(async (store) => {
    if (await anyUserExists(store)) return false;
    const buffer = createRowBuffer();
    const now = surroundings.clock.now();
    const ids = await addAccess(store, buffer, surroundings, now);
    addApplication(buffer, surroundings, now);
    await insertProfiles(store, profiles, surroundings);
    for (const user of demoUsers) {
      addMembershipsAndRoles(buffer, user, ids, surroundings, now);
      addSessions(buffer, user, surroundings, now);
      if (passwordHash !== null && user.hasPassword === true) {
        buffer.add(PasswordEntity, {
          userId: user.profile.user_id,
          hash: passwordHash,
          ...chosenHere,
          isUnproven: false,
          updatedAt: now,
        });
      }
    }
    await buffer.flush(store);
    return true;
  });
}

const gatewayPermissions: Read<
  { readonly isSystem: boolean },
  { readonly id: string; readonly name: string }
> = {
  name: 'demo_gateway_permissions',
  build: (builder) =>
    builder
      .from(PermissionEntity, 'p')
      .innerJoin(ResourceServerEntity, 's', 's.id = p.resourceServerId')
      .where('s.isSystem = :isSystem'),
  select: columnsOf(PermissionEntity, 'p', ['id', 'name']),
};

/** The demo's API, roles and organizations. */
async function addAccess(
  store: Store,
  buffer: RowBuffer,
  surroundings: DemoSurroundings,
  now: Instant,
): Promise<DemoIds> {
  const gateway = await store.read(gatewayPermissions, { isSystem: true });
  const api = addApi(buffer, surroundings, now);
  return {
    roles: addRoles(buffer, { gateway, api }, surroundings, now),
    organizations: addOrganizations(buffer, surroundings, now),
  };
}

/** Answers the ids of its permissions by their names. */
function addApi(buffer: RowBuffer, { ids }: DemoSurroundings, now: Instant): ReadonlyMap<string, string> {
  const resourceServerId = ids.next('api');
  buffer.add(ResourceServerEntity, {
    id: resourceServerId,
    identifier: demoApi.identifier,
    name: demoApi.name,
    enforcePolicies: true,
    tokenDialect: 'ACCESS_TOKEN',
    isSystem: false,
    createdAt: now,
    updatedAt: now,
  });
  const permissions = new Map<string, string>();
  for (const [name, description] of Object.entries(demoApi.permissions)) {
    permissions.set(name, ids.next('prm'));
    buffer.add(PermissionEntity, {
      id: permissions.get(name) as string,
      resourceServerId,
      name,
      description,
    });
  }
  return permissions;
}

interface DemoPermissions {
  readonly gateway: readonly { readonly id: string; readonly name: string }[];
  /** Ids by name. */
  readonly api: ReadonlyMap<string, string>;
}

function addRoles(
  buffer: RowBuffer,
  permissions: DemoPermissions,
  { ids }: DemoSurroundings,
  now: Instant,
): ReadonlyMap<string, string> {
  const roles = new Map<string, string>();
  for (const { name, description, permissions: wanted, gateway } of demoRoles) {
    const roleId = ids.next('rol');
    roles.set(name, roleId);
    buffer.add(RoleEntity, {
      id: roleId,
      name,
      nameFolded: foldText(name),
      description,
      type: 'TENANT',
      organizationId: null,
      applicationId: null,
      createdAt: now,
      updatedAt: now,
    });
    const granted = permissions.gateway.filter(
      (permission) => gateway === 'all' || (gateway === 'read' && permission.name.startsWith('read:')),
    );
    const all = [
      ...wanted.map((permission) => permissions.api.get(permission) as string),
      ...granted.map(({ id }) => id),
    ];
    for (const permissionId of all) buffer.add(RolePermissionEntity, { roleId, permissionId });
  }
  return roles;
}

function addOrganizations(
  buffer: RowBuffer,
  { ids }: DemoSurroundings,
  now: Instant,
): ReadonlyMap<string, string> {
  const organizations = new Map<string, string>();
  for (const { name, displayName, primaryColor, metadata } of demoOrganizations) {
    organizations.set(name, ids.next('org'));
    buffer.add(OrganizationEntity, {
      id: organizations.get(name) as string,
      name,
      displayName,
      logoUrl: null,
      primaryColor,
      pageBackgroundColor: '#ffffff',
      metadata: { ...metadata },
      thirdPartyClientAccess: 'DENY',
      appEntitlementActive: false,
      tokenQuota: null,
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
  }
  return organizations;
}

function addMembershipsAndRoles(
  buffer: RowBuffer,
  user: DemoUser,
  { roles, organizations }: DemoIds,
  { ids }: DemoSurroundings,
  now: Instant,
): void {
  const userId = user.profile.user_id;
  for (const role of user.roles ?? []) {
    buffer.add(UserRoleEntity, { userId, roleId: roles.get(role) as string, createdAt: now });
  }
  for (const [organization, memberRoles] of Object.entries(user.memberships ?? {})) {
    const membershipId = ids.next('mem');
    buffer.add(MembershipEntity, {
      id: membershipId,
      organizationId: organizations.get(organization) as string,
      userId,
      joinedAt: now,
      joinedVia: 'IMPORT',
      joinedConnectionId: null,
    });
    for (const role of memberRoles) {
      buffer.add(MembershipRoleEntity, { membershipId, roleId: roles.get(role) as string });
    }
  }
}

function addApplication(buffer: RowBuffer, { ids }: DemoSurroundings, now: Instant): void {
  buffer.add(ApplicationEntity, {
    ...demoApplication,
    id: ids.next('app'),
    ...{ isEnabled: true, isFirstParty: true, devMode: false },
    ...{ allowedLogoutUrls: [], allowedEmbedOrigins: [], initiateLoginUri: null },
    ...{ organizationUsage: 'ALLOW', organizationRequireBehavior: 'NO_PROMPT' },
    ...{ organizationDiscoveryMethods: [], defaultOrganizationId: null, allowAnyOrganization: false },
    ...{ metadata: {}, createdAt: now, updatedAt: now, version: 1 },
  });
}

/** Living sessions whose secrets nobody knows: they are to be looked at and revoked. */
function addSessions(buffer: RowBuffer, user: DemoUser, { ids }: DemoSurroundings, now: Instant): void {
  for (let index = 0; index < (user.sessions ?? 0); index += 1) {
    const start = now - (index * 5 + 1) * hour;
    const ip = user.profile['last_ip'];
    buffer.add(SessionEntity, {
      id: ids.next('ses'),
      secretHash: hashSecret(newSessionSecret(ids)),
      userId: user.profile.user_id,
      status: 'ACTIVE',
      createdAt: start,
      updatedAt: start,
      authenticatedAt: start,
      lastInteractedAt: start,
      idleExpiresAt: start + 72 * hour,
      expiresAt: start + 168 * hour,
      device: { initialIp: ip, initialUserAgent: 'Demo browser', lastIp: ip, lastUserAgent: 'Demo browser' },
      clients: [],
      authenticationMethods: [{ name: 'pwd', timestamp: start }],
      assurance: 'AAL1',
      cookieMode: 'persistent',
      metadata: {},
      organizationId: null,
      credentialEpoch: 1,
      endedAt: null,
      actor: null,
      endReason: null,
    });
  }
}

import { randomFor } from './random';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { foldText } from '#src/features/users/fold-text';
import type { Instant } from '#src/shared/clock';
import type { GeneratedSession, GeneratedUser } from './generate-user';
import { organizationId, type GeneratedAccess, type GeneratedOrganization } from './generated-access';
import { day, firstDay, generatedConnections } from './generated-people';
import type { RowBuffer } from './row-buffer';
import { addIdentities, addMetadata, addUser } from './user-rows';

/** Connections that exist already, such as `main`, are left out by the caller. */
export function addConnections(rows: RowBuffer, seed: string, existing: ReadonlySet<string>): void {
  generatedConnections.forEach(({ name, strategy }, index) => {
    if (existing.has(name)) return;
    rows.add(ConnectionEntity, {
      id: `con_${randomFor(seed, 'connection', index).alphanumerics(16)}`,
      name,
      strategy,
      displayName: null,
      isEnabled: true,
      deletingAt: null,
      version: 1,
      options: {},
      createdAt: firstDay,
      updatedAt: firstDay,
    });
  });
}

export function addAccess(rows: RowBuffer, access: GeneratedAccess): void {
  for (const server of access.resourceServers) {
    rows.add(ResourceServerEntity, {
      ...server,
      enforcePolicies: true,
      tokenDialect: 'ACCESS_TOKEN',
      isSystem: false,
      createdAt: firstDay,
      updatedAt: firstDay,
    });
  }
  for (const permission of access.permissions) rows.add(PermissionEntity, { ...permission });
  for (const role of access.roles) {
    rows.add(RoleEntity, {
      id: role.id,
      name: role.name,
      nameFolded: foldText(role.name),
      description: role.description,
      type: 'TENANT',
      organizationId: null,
      applicationId: null,
      createdAt: firstDay,
      updatedAt: firstDay,
    });
    for (const permissionId of role.permissionIds) {
      rows.add(RolePermissionEntity, { roleId: role.id, permissionId });
    }
  }
}

export function addOrganization(rows: RowBuffer, organization: GeneratedOrganization): void {
  rows.add(OrganizationEntity, {
    ...organization,
    logoUrl: null,
    metadata: { ...organization.metadata },
    thirdPartyClientAccess: 'DENY',
    appEntitlementActive: false,
    tokenQuota: null,
    updatedAt: organization.createdAt,
    version: 1,
  });
}

export interface UserSurroundings {
  readonly seed: string;
  readonly access: GeneratedAccess;
  /** The instant at which the day of seeding began; sessions lie before it. */
  readonly today: Instant;
}

/** Adds a generated user with everything that belongs to him. */
export function addGeneratedUser(rows: RowBuffer, user: GeneratedUser, surroundings: UserSurroundings): void {
  const { person } = user;
  addUser(
    rows,
    {
      id: user.id,
      connection: user.connection.name,
      email: person?.email ?? null,
      emailVerified: person === null ? null : user.isEmailVerified,
      username: user.username,
      phoneNumber: user.phoneNumber,
      phoneVerified: user.phoneNumber === null ? null : true,
      name: person?.name ?? user.phoneNumber,
      givenName: person?.givenName ?? null,
      familyName: person?.familyName ?? null,
      nickname: person?.nickname ?? null,
      picture: null,
      blocked: user.isBlocked,
      attributes: user.locale === null ? null : { locale: user.locale },
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
      lastLogin: user.lastLogin,
      lastIp: user.lastIp,
      loginsCount: user.loginsCount,
      lastPasswordReset: null,
      multifactor: user.multifactor,
      multifactorLastModified: user.multifactor === null ? null : user.createdAt,
    },
    user.connection.strategy,
  );
  addIdentities(
    rows,
    user.id,
    user.identities.map(({ id, connection, providerUserId, profileData }) => ({
      id,
      connection: connection.name,
      strategy: connection.strategy,
      providerUserId,
      profileData: profileData === null ? null : { ...profileData },
      createdAt: user.createdAt,
    })),
  );
  addMetadata(rows, user.id, user.metadata, user.updatedAt);
  const roleId = (index: number): string => surroundings.access.roles[index]?.id as string;
  for (const role of user.roles) {
    rows.add(UserRoleEntity, { userId: user.id, roleId: roleId(role), createdAt: user.createdAt });
  }
  for (const membership of user.memberships) {
    rows.add(MembershipEntity, {
      id: membership.id,
      organizationId: organizationId(surroundings.seed, membership.organization),
      userId: user.id,
      joinedAt: membership.joinedAt,
      joinedVia: 'IMPORT',
      joinedConnectionId: null,
    });
    for (const role of membership.roles) {
      rows.add(MembershipRoleEntity, { membershipId: membership.id, roleId: roleId(role) });
    }
  }
  for (const session of user.sessions) addSession(rows, user, session, surroundings.today);
}

const idleLimit = 3 * day;
const absoluteLimit = 7 * day;

function addSession(rows: RowBuffer, user: GeneratedUser, session: GeneratedSession, today: Instant): void {
  const start = today - session.age * day - session.startedAtMinute * 60_000;
  const isOver = start + idleLimit <= today;
  const status = session.isRevoked ? 'REVOKED' : isOver ? 'EXPIRED' : 'ACTIVE';
  rows.add(SessionEntity, {
    id: session.id,
    secretHash: session.secretHash,
    userId: user.id,
    status,
    createdAt: start,
    updatedAt: start,
    authenticatedAt: start,
    lastInteractedAt: start,
    idleExpiresAt: start + idleLimit,
    expiresAt: start + absoluteLimit,
    device: {
      initialIp: session.ip,
      initialUserAgent: session.userAgent,
      lastIp: session.ip,
      lastUserAgent: session.userAgent,
    },
    clients: [],
    authenticationMethods: [{ name: 'pwd', timestamp: start, connection: user.connection.name }],
    assurance: 'AAL1',
    cookieMode: 'persistent',
    metadata: {},
    organizationId: null,
    credentialEpoch: 1,
    endedAt: status === 'ACTIVE' ? null : status === 'REVOKED' ? start + 3_600_000 : start + idleLimit,
    actor: null,
    endReason: status === 'ACTIVE' ? null : status === 'REVOKED' ? 'session-revoked' : 'session-expired',
  });
}

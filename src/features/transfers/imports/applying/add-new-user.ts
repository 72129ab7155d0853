import { sizeOf } from '#src/features/metadata/check-metadata';
import { schemaOf } from '#src/features/metadata/schema/enforce-schema';
import { isIndexed } from '#src/features/metadata/schema/schema-rules';
import type { Finding } from '#src/features/transfers/formats/import-format';
import type { NativeRow } from '#src/features/transfers/formats/native/native-row';
import { foldText } from '#src/features/users/fold-text';
import { withSources } from '#src/features/users/profile/attribute-sources';
import { attributePaths, profileKeys, type Profile } from '#src/features/users/profile/profile';
import { addFactors } from './add-factors';
import type { Applying } from './apply-rows';
import type { ChunkFacts } from './chunk-facts';
import { newUserRows, type IdentityRecord } from './new-user.repository';
import type { RowBuffer } from './row-buffer.repository';

export interface AddedUser {
  readonly userId: string;
  readonly warnings: readonly Finding[];
}

/**
 * Puts everything of a new user into the buffer: the same rows that the creation of one user writes. Objects of each row are written out here
 * and in `new-user.repository.ts`: spreads with more members behind them were a fifth of the time that a row took the program.
 */
export function addNewUser(
  context: Applying,
  facts: ChunkFacts,
  buffer: RowBuffer,
  row: NativeRow,
  passwordHash: string | null,
): AddedUser {
  const { call, connection } = context;
  const now = call.clock.now();
  const warnings: Finding[] = [];
  const providerUserId = row.user_id ?? call.ids.nextUserPart();
  const userId = `${connection.strategy}|${providerUserId}`;
  const profile = profileOfRow(row);
  const createdAt = row.created_at ?? now;
  const updatedAt = row.updated_at ?? now;
  const owner = { userId, email: profile.email, now };
  const factors = addFactors(context, buffer, row.mfa_factors ?? [], owner, warnings);
  newUserRows.user(buffer, {
    email: profile.email,
    emailVerified: profile.emailVerified,
    username: profile.username,
    phoneNumber: profile.phoneNumber,
    phoneVerified: profile.phoneVerified,
    name: profile.name,
    givenName: profile.givenName,
    familyName: profile.familyName,
    nickname: profile.nickname,
    picture: profile.picture,
    id: userId,
    connection: connection.name,
    blocked: row.blocked ?? false,
    attributeSources: withSources(
      null,
      profileKeys.filter((key) => profile[key] !== null),
      { source: 'LOCAL', connection: null, at: now },
    ),
    createdAt,
    updatedAt,
    lastLogin: row.last_login ?? null,
    lastIp: row.last_ip ?? null,
    loginsCount: row.logins_count ?? null,
    lastPasswordReset: row.last_password_reset ?? null,
    multifactor: factors.length > 0 ? factors : null,
    multifactorLastModified: factors.length > 0 ? now : null,
  });
  const primary: IdentityRecord = {
    id: call.ids.next('idn'),
    connection: connection.name,
    provider: connection.strategy,
    providerUserId,
    profileData: null,
    createdAt,
  };
  facts.takeIdentity(connection.name, providerUserId, userId);
  const others = otherIdentities(context, facts, row, { userId, providerUserId, createdAt }, warnings);
  newUserRows.identities(buffer, userId, [primary, ...others]);
  addContent(context, facts, buffer, row, { userId, updatedAt });
  // Whoever has to set a new password proves to know the old one, and is asked for the new one at once.
  const mustChange = row.password_reset_required === true;
  if (passwordHash !== null)
    newUserRows.password(buffer, {
      userId,
      hash: context.hashes.sealed(userId, passwordHash),
      mustChange,
      updatedAt: now,
    });
  addRoles(facts, buffer, row, { userId, now }, warnings);
  addMemberships(context, facts, buffer, row, { userId, now }, warnings);
  newUserRows.audit(buffer, auditOf(context, userId, writtenPaths(row), now));
  return { userId, warnings };
}

function profileOfRow(row: NativeRow): Profile {
  return {
    email: row.email ?? null,
    emailVerified: row.email_verified ?? (row.email === undefined ? null : false),
    username: row.username ?? null,
    phoneNumber: row.phone_number ?? null,
    phoneVerified: row.phone_verified ?? (row.phone_number === undefined ? null : false),
    name: row.name ?? null,
    givenName: row.given_name ?? null,
    familyName: row.family_name ?? null,
    nickname: row.nickname ?? null,
    picture: row.picture ?? null,
  };
}

const toldMembers: readonly (keyof NativeRow)[] = [
  ...(Object.values(attributePaths) as (keyof NativeRow)[]),
  ...(['blocked', 'user_metadata', 'app_metadata', 'roles', 'organizations'] as const),
];

function writtenPaths(row: NativeRow): string[] {
  return toldMembers.filter((member) => row[member] !== undefined);
}

interface NewOwner {
  readonly userId: string;
  readonly providerUserId: string;
  readonly createdAt: number;
}

/** Identities beside the primary one; one whose connection is missing, or that somebody has, is left out with a warning. */
function otherIdentities(
  { call, connection }: Applying,
  facts: ChunkFacts,
  row: NativeRow,
  { userId, providerUserId, createdAt }: NewOwner,
  warnings: Finding[],
): IdentityRecord[] {
  if (row.identities === undefined) return [];
  return row.identities.flatMap((identity, index) => {
    const name = identity.connection ?? identity.provider;
    const isPrimary = identity.provider === connection.strategy && identity.user_id === providerUserId;
    if (isPrimary) return [];
    const path = `identities[${index}]`;
    if (!facts.known.connections.has(name)) {
      warnings.push({ code: 'IDENTITY_LEFT_OUT', message: 'There is no connection of that name.', path });
      return [];
    }
    if (facts.identityOwner(name, identity.user_id) !== undefined) {
      warnings.push({ code: 'IDENTITY_LEFT_OUT', message: 'Another user has this identity.', path });
      return [];
    }
    facts.takeIdentity(name, identity.user_id, userId);
    return [
      {
        id: call.ids.next('idn'),
        connection: name,
        provider: identity.provider,
        providerUserId: identity.user_id,
        isSocial: identity.isSocial,
        profileData: identity.profileData ?? null,
        createdAt,
      },
    ];
  });
}

function addContent(
  { call }: Applying,
  facts: ChunkFacts,
  buffer: RowBuffer,
  row: NativeRow,
  { userId, updatedAt }: { readonly userId: string; readonly updatedAt: number },
): void {
  const user = row.user_metadata ?? {};
  const app = row.app_metadata ?? {};
  const schemas = { user: schemaOf(call.policy, 'user'), app: schemaOf(call.policy, 'app') };
  newUserRows.metadata(buffer, { userId, user, app, bytes: sizeOf(user, app), updatedAt }, (store, path) =>
    isIndexed(schemas[store], path),
  );
  for (const value of facts.uniqueOf(row)) facts.reserve(userId, value);
}

interface Holder {
  readonly userId: string;
  readonly now: number;
}

function addRoles(
  facts: ChunkFacts,
  buffer: RowBuffer,
  row: NativeRow,
  { userId, now }: Holder,
  warnings: Finding[],
): void {
  if (row.roles === undefined) return;
  const ids = knownRoles(facts, row.roles, 'roles', warnings);
  for (const id of ids) newUserRows.role(buffer, userId, id, now);
}

function knownRoles(
  facts: ChunkFacts,
  names: readonly string[],
  path: string,
  warnings: Finding[],
): ReadonlySet<string> {
  const ids = new Set<string>();
  names.forEach((name, index) => {
    const id = facts.known.roles.get(foldText(name));
    if (id !== undefined) ids.add(id);
    else
      warnings.push({
        ...{ code: 'ROLE_NOT_FOUND', message: 'There is no role of that name.', path: `${path}[${index}]` },
      });
  });
  return ids;
}

function addMemberships(
  { call }: Applying,
  facts: ChunkFacts,
  buffer: RowBuffer,
  row: NativeRow,
  { userId, now }: Holder,
  warnings: Finding[],
): void {
  if (row.organizations === undefined) return;
  const joined = new Set<string>();
  row.organizations.forEach(({ name, roles }, index) => {
    const path = `organizations[${index}]`;
    const organizationId = facts.known.organizations.get(foldText(name));
    if (organizationId === undefined) {
      warnings.push({
        code: 'ORGANIZATION_NOT_FOUND',
        message: 'There is no organization of that name.',
        path,
      });
      return;
    }
    if (joined.has(organizationId)) return;
    joined.add(organizationId);
    const id = call.ids.next('mem');
    const roleIds = knownRoles(facts, roles ?? [], `${path}.roles`, warnings);
    newUserRows.membership(
      buffer,
      { id, organizationId, userId, joinedAt: now, joinedVia: 'IMPORT', joinedConnectionId: null },
      [...roleIds],
    );
  });
}

/** The record of a user's creation, as the creation of one user writes it, and the job that caused it. */
export function auditOf(
  { call, jobId }: Pick<Applying, 'call' | 'jobId'>,
  userId: string,
  changedPaths: readonly string[],
  now: number,
  action: 'user.create' | 'user.update' = 'user.create',
): Parameters<(typeof newUserRows)['audit']>[1] {
  const { principal } = call;
  return {
    id: call.ids.next('aud'),
    occurredAt: now,
    actorKind: principal.kind,
    actorId: principal.subject,
    actorOrganizationId: principal.organizationId,
    sessionId: null,
    action,
    targetType: 'User',
    targetId: userId,
    changedPaths,
    result: 'ok',
    requestId: call.requestId,
    details: { cause: 'IMPORT', jobId },
  };
}

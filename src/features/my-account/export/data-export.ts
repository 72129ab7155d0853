import type { Call } from '#src/access/call';
import { decide, type ObjectFacts } from '#src/access/decide';
import { pruneAttribute } from '#src/access/prune';
import type { AuditService } from '#src/features/audit/audit.service';
import type { FactorsConfig } from '#src/config/factors';
import {
  findExportedMemberships,
  findExportedSessions,
  type ExportedSession,
} from '#src/features/my-account/export/export.repository';
import type { AuthenticationMethodService } from '#src/features/factors/methods/authentication-method.service';
import { lockCaller, requireUserId } from '#src/features/factors/methods/method-changes';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import type { IdentityService } from '#src/features/identities/identity.service';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import { attributePaths, profileKeys } from '#src/features/users/profile/profile';
import { readableAttributes } from '#src/features/users/profile/readable-attributes';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { UserService } from '#src/features/users/user.service';
import { toIso, type Instant } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';

export interface ExportParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly identities: IdentityService;
  readonly metadata: MetadataService;
  readonly methods: AuthenticationMethodService;
  readonly config: { readonly factors: FactorsConfig };
}

export interface DataExport {
  readonly createdAt: Instant;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The newest of each list; more are counted, not listed. */
const mostRows = 1_000;
const mostBytes = 5_000_000;

/**
 * What is stored about the caller, as far as the caller may read and export it: one rule answers for this as for every field. Secrets
 * are not part of it. LIMIT_EXCEEDED above 5 MB.
 */
export async function exportOwnData(parts: ExportParts, call: Call): Promise<DataExport> {
  const userId = requireUserId(call);
  await requireStepUp(parts.config.factors, call.store, call, userId);
  const { user, methods } = await call.store.transaction(async (store) => {
    await parts.audit.record(store, call, { action: 'account.export', targetType: 'User', targetId: userId });
    return {
      user: await lockCaller(parts, store, call),
      methods: await parts.methods.list(store, userId),
    };
  });
  const facts = await objectFactsOf(call, call.store, userId);
  // SECURITY: inside one organization nobody learns of the own memberships of others, as everywhere else.
  const { organizationId } = call.principal;
  const mayExport: Ruled = (path) =>
    (['READ', 'EXPORT'] as const).every((action) => decide(call, action, path, facts) === 'ALLOW');
  const content = {
    profile: profileOf(user, mayExport, call, facts),
    ...(await stores(parts, call, userId, { facts, mayExport })),
    identities: mayExport('identities') ? await identitiesOf(parts, call, userId, facts) : [],
    authenticationMethods: mayExport('multifactor') ? methods.map(methodOf) : [],
    sessions: mayExport('sessions')
      ? (await findExportedSessions(call.store, userId, mostRows)).map((row) => sessionOf(row, mayExport))
      : [],
    organizations: mayExport('organizations')
      ? (await findExportedMemberships(call.store, userId, organizationId, mostRows)).map(dated)
      : [],
  };
  if (Buffer.byteLength(JSON.stringify(content)) > mostBytes) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: 'There is more stored than one export may hold. Ask the operator for it.',
      extensions: { limit: mostBytes },
    });
  }
  return { createdAt: call.clock.now(), content };
}

type Ruled = (path: string) => boolean;

/** Attributes beside the profile, by the path under which rules know them. */
const otherAttributes = {
  created_at: 'createdAt',
  updated_at: 'updatedAt',
  last_login: 'lastLogin',
  last_ip: 'lastIp',
  logins_count: 'loginsCount',
  last_password_reset: 'lastPasswordReset',
} as const satisfies Readonly<Record<string, keyof UserRow>>;

function profileOf(user: UserRow, mayExport: Ruled, call: Call, facts: ObjectFacts): Record<string, unknown> {
  const profile: Record<string, unknown> = { user_id: user.id };
  for (const key of profileKeys) {
    const path = attributePaths[key];
    if (user[key] !== null && mayExport(path)) profile[path] = user[key];
  }
  for (const [path, key] of Object.entries(otherAttributes)) {
    if (user[key] !== null && mayExport(path)) profile[path] = readableTime(key, user[key]);
  }
  if (user.attributes !== null && mayExport('attributes'))
    profile['attributes'] = readableAttributes(call, 'attributes', user.attributes, facts);
  return profile;
}

async function stores(
  { metadata }: ExportParts,
  call: Call,
  userId: string,
  { facts, mayExport }: { readonly facts: ObjectFacts; readonly mayExport: Ruled },
): Promise<Record<string, unknown>> {
  const { userJson, appJson } = await metadata.read(call.store, userId);
  const content: Record<string, unknown> = {};
  if (mayExport('user_metadata'))
    content['userMetadata'] = pruneAttribute(call, 'user_metadata', userJson, facts);
  if (mayExport('app_metadata'))
    content['appMetadata'] = pruneAttribute(call, 'app_metadata', appJson, facts);
  return content;
}

async function identitiesOf(
  { identities }: ExportParts,
  call: Call,
  userId: string,
  facts: ObjectFacts,
): Promise<readonly object[]> {
  const rows = await identities.list(call.store, userId);
  return rows.map((row) => {
    const { connection, provider, providerUserId, isSocial, profileData, createdAt } = row;
    const own = { ...facts, connections: [connection], strategies: [provider] };
    return {
      ...{ connection, provider, userId: providerUserId, isSocial, createdAt: toIso(createdAt) },
      profileData:
        profileData === null ? null : readableAttributes(call, 'identities.profile_data', profileData, own),
    };
  });
}

/** Paths of the parts of a session that rules of their own govern. */
const devicePaths: Readonly<Record<string, string>> = {
  initialIp: 'sessions.device.initial_ip',
  initialUserAgent: 'sessions.device.initial_user_agent',
  lastIp: 'sessions.device.last_ip',
  lastUserAgent: 'sessions.device.last_user_agent',
};

function sessionOf({ device, clients, metadata, ...session }: ExportedSession, mayExport: Ruled): object {
  const shown = Object.entries(device).filter(([key]) => {
    const path = devicePaths[key];
    return path !== undefined && mayExport(path);
  });
  return {
    ...dated(session),
    device: Object.fromEntries(shown),
    ...(mayExport('sessions.clients') ? { clients } : {}),
    ...(mayExport('sessions.metadata') ? { metadata } : {}),
  };
}

function methodOf({
  id,
  type,
  name,
  isConfirmed,
  createdAt,
  lastUsedAt,
}: {
  readonly id: string;
  readonly type: string;
  readonly name: string | null;
  readonly isConfirmed: boolean;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
}): object {
  return dated({ id, type, name, confirmed: isConfirmed, createdAt, lastUsedAt });
}

/** Instants in the form that people and other programs read. */
function dated(row: object): object {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, readableTime(key, value)]));
}

function readableTime(key: string, value: unknown): unknown {
  const isInstant = /At$|^lastLogin$|^lastPasswordReset$/.test(key);
  return isInstant && typeof value === 'number' ? toIso(value) : value;
}

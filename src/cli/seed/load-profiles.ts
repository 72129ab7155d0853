import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import type { Clock, Instant } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import { columnsOf } from '#src/storage/columns';
import { UniqueViolation } from '#src/storage/storage.errors';
import type { Read, Storage, Store } from '#src/storage/store';
import { checkProfiles, type FileProfile } from './check-profiles';
import type { OrganizationReference } from './organization-names';
import { createRowBuffer, type RowBuffer } from './row-buffer';
import { seedErrors } from './seed.errors';
import { addIdentities, addMetadata, addUser } from './user-rows';

export interface LoadSurroundings {
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface LoadResult {
  readonly users: number;
  /** How many organizations had to be created. */
  readonly organizations: number;
  readonly leftOut: ReadonlyMap<string, number>;
}

const problemsShown = 20;

/**
 * Loads profiles as a file holds them, all or none: their ids, identities, metadata, dates and counters stay as written.
 * Connections and organizations that are missing are created. Refuses with one sentence for each mistake.
 */
export async function loadProfiles(
  storage: Storage,
  rows: readonly unknown[],
  surroundings: LoadSurroundings,
): Promise<LoadResult> {
  const { profiles, problems, leftOut } = checkProfiles(rows, surroundings.ids);
  if (problems.length > 0) throw seedErrors.SEED_FILE_INVALID({ message: listed(problems) });
  try {
    const organizations = await storage
      .open()
      .transaction((store) => insertProfiles(store, profiles, surroundings));
    return { users: profiles.length, organizations, leftOut };
  } catch (error) {
    if (error instanceof UniqueViolation)
      throw seedErrors.SEED_CONFLICT({ message: conflictOf(error), cause: error });
    throw error;
  }
}

/** Inserts checked profiles; answers how many organizations had to be created. */
export async function insertProfiles(
  store: Store,
  profiles: readonly FileProfile[],
  { clock, ids }: LoadSurroundings,
): Promise<number> {
  const now = clock.now();
  const buffer = createRowBuffer();
  await addMissingConnections(store, buffer, profiles, ids, now);
  const organizations = await findOrganizations(store, profiles);
  const before = organizations.size;
  for (const profile of profiles) {
    for (const reference of profile.organizations) {
      if (organizations.has(reference.name)) continue;
      organizations.set(reference.name, reference.id);
      addOrganization(buffer, reference, now);
    }
    addProfile(buffer, profile, organizations, ids, now);
  }
  await buffer.flush(store);
  return organizations.size - before;
}

function addProfile(
  buffer: RowBuffer,
  { form, profile, identities, organizations, attributes }: FileProfile,
  organizationIds: ReadonlyMap<string, string>,
  ids: Ids,
  now: Instant,
): void {
  const createdAt = form.created_at ?? now;
  const updatedAt = form.updated_at ?? Math.max(createdAt, form.last_login ?? 0);
  addUser(
    buffer,
    {
      ...profile,
      id: form.user_id,
      connection: identities[0].connection,
      blocked: form.blocked ?? false,
      attributes,
      createdAt,
      updatedAt,
      lastLogin: form.last_login ?? null,
      lastIp: form.last_ip ?? null,
      loginsCount: form.logins_count ?? null,
      lastPasswordReset: form.last_password_reset ?? null,
      multifactor: form.multifactor ?? null,
      multifactorLastModified: form.multifactor_last_modified ?? null,
    },
    identities[0].strategy,
  );
  addIdentities(
    buffer,
    form.user_id,
    identities.map(({ isSocial, ...identity }) => ({
      ...identity,
      id: ids.next('idn'),
      createdAt,
      ...(isSocial === null ? {} : { isSocial }),
    })),
  );
  addMetadata(
    buffer,
    form.user_id,
    { user: form.user_metadata ?? {}, app: form.app_metadata ?? {} },
    updatedAt,
  );
  for (const name of new Set(organizations.map((reference) => reference.name))) {
    buffer.add(MembershipEntity, {
      id: ids.next('mem'),
      organizationId: organizationIds.get(name) as string,
      userId: form.user_id,
      joinedAt: createdAt,
      joinedVia: 'IMPORT',
      joinedConnectionId: null,
    });
  }
}

function addOrganization(
  buffer: RowBuffer,
  { id, name, displayName }: OrganizationReference,
  now: Instant,
): void {
  buffer.add(OrganizationEntity, {
    id,
    name,
    displayName,
    logoUrl: null,
    primaryColor: null,
    pageBackgroundColor: null,
    metadata: {},
    thirdPartyClientAccess: 'DENY',
    appEntitlementActive: false,
    tokenQuota: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  });
}

const connectionsByName: Read<
  { readonly names: readonly string[] },
  { readonly name: string; readonly strategy: string }
> = {
  name: 'seed_connections_by_name',
  build: (builder, dialect) => builder.from(ConnectionEntity, 'c').where(dialect.anyOf('c.name', ':names')),
  select: columnsOf(ConnectionEntity, 'c', ['name', 'strategy']),
};

async function addMissingConnections(
  store: Store,
  buffer: RowBuffer,
  profiles: readonly FileProfile[],
  ids: Ids,
  now: Instant,
): Promise<void> {
  const wanted = new Map<string, string>();
  for (const { form, identities } of profiles) {
    for (const { connection, strategy } of identities) {
      requireSame(wanted.get(connection), strategy, connection, form.user_id);
      wanted.set(connection, strategy);
    }
  }
  const existing = await store.read(connectionsByName, { names: [...wanted.keys()] });
  for (const { name, strategy } of existing) {
    requireSame(strategy, wanted.get(name), name, null);
    wanted.delete(name);
  }
  for (const [name, strategy] of wanted) {
    buffer.add(ConnectionEntity, {
      id: ids.next('con'),
      name,
      strategy,
      displayName: null,
      isEnabled: true,
      deletingAt: null,
      version: 1,
      options: {},
      createdAt: now,
      updatedAt: now,
    });
  }
}

function requireSame(
  known: string | undefined,
  other: string | undefined,
  connection: string,
  userId: string | null,
): void {
  if (known === undefined || other === undefined || known === other) return;
  const where = userId === null ? 'in the database' : `in a row before ${userId}`;
  throw seedErrors.SEED_FILE_INVALID({
    message: `The connection "${connection}" is of provider "${known}" ${where}, and cannot be of "${other}" too.`,
  });
}

const organizationsByName: Read<
  { readonly names: readonly string[] },
  { readonly id: string; readonly name: string }
> = {
  name: 'seed_organizations_by_name',
  build: (builder, dialect) => builder.from(OrganizationEntity, 'o').where(dialect.anyOf('o.name', ':names')),
  select: columnsOf(OrganizationEntity, 'o', ['id', 'name']),
};

async function findOrganizations(
  store: Store,
  profiles: readonly FileProfile[],
): Promise<Map<string, string>> {
  const names = new Set(
    profiles.flatMap((profile) => profile.organizations.map((reference) => reference.name)),
  );
  const found = await store.read(organizationsByName, { names: [...names] });
  return new Map(found.map((organization) => [organization.name, organization.id]));
}

function listed(problems: readonly string[]): string {
  const rest = problems.length - problemsShown;
  const lines = problems.slice(0, problemsShown).map((problem) => `  ${problem}`);
  if (rest > 0) lines.push(`  … and ${rest} more`);
  return `Nothing was loaded. The file has ${problems.length} mistake(s):\n${lines.join('\n')}`;
}

function conflictOf({ table, columns }: UniqueViolation): string {
  const what: Record<string, string> = {
    users: 'a user id',
    identities: 'an identity',
    login_identifiers: 'an e-mail address, username or phone number of a database connection',
    organizations: 'the id of an organization',
  };
  return `Nothing was loaded: ${what[table] ?? columns.join(', ')} occurs twice, in the file or in the file and the database.`;
}

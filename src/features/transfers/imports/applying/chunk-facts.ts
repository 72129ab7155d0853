import type { ObjectFacts } from '#src/access/decide';
import type { MetadataObject } from '#src/features/metadata/metadata-store';
import { schemaOf } from '#src/features/metadata/schema/enforce-schema';
import { uniquePaths } from '#src/features/metadata/schema/schema-rules';
import { uniqueValues } from '#src/features/metadata/schema/unique-values';
import type { Finding } from '#src/features/transfers/formats/import-format';
import type { NativeRow } from '#src/features/transfers/formats/native/native-row';
import type { ImportKey, ImportOptions } from '#src/features/transfers/imports/import-options';
import { foldText } from '#src/features/users/fold-text';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { Store } from '#src/storage/store';
import type { Applying } from './apply-rows';
import {
  findByExternalId,
  findConnectionNames,
  findIdentifiers,
  findIdentityOwners,
  findOrganizationIds,
  findStoredMetadata,
  findTakenIds,
  identityKey,
  lockUsers,
  type StoredMetadata,
  type StoredUser,
} from './existing-users.repository';
import { findOrMakeRoles } from './missing-roles';
import { findTakenValues, insertValues } from './taken-values.repository';
import type { PreparedRow } from './prepared-row';

const kinds = { email: 'email', username: 'username', phone: 'phone_number' } as const;

/** Everything that a chunk of rows has to be held against, read with a few statements. */
export async function lookUpChunk(context: Applying, prepared: readonly PreparedRow[]): Promise<ChunkFacts> {
  const { store, connection, options } = context;
  const rows = prepared.flatMap(({ row }) => (row === null ? [] : [row]));
  const valuesOf = (member: keyof NativeRow): string[] => [
    ...new Set(rows.flatMap((row) => (typeof row[member] === 'string' ? [foldText(row[member])] : []))),
  ];
  const found = new Map<string, string>();
  for (const [kind, member] of Object.entries(kinds) as [keyof typeof kinds, keyof NativeRow][]) {
    const owners = await findIdentifiers(store, connection.name, kind, valuesOf(member));
    for (const [value, userId] of owners) found.set(`${member}\u0000${value}`, userId);
  }
  const ids = rows.flatMap((row) =>
    row.user_id === undefined ? [] : [`${connection.strategy}|${row.user_id}`],
  );
  const externalIds = options.upsert && options.matchOn.includes('EXTERNAL_ID') ? externalIdsOf(rows) : [];
  const identities = rows.flatMap((row) => row.identities ?? []);
  const roleNames = rows.flatMap((row) => [
    ...(row.roles ?? []),
    ...(row.organizations ?? []).flatMap(({ roles }) => roles ?? []),
  ]);
  const organizationNames = rows.flatMap((row) => (row.organizations ?? []).map(({ name }) => name));
  const facts = new ChunkFacts(context, {
    identifiers: found,
    ids: await findTakenIds(store, ids),
    externalIds: await findByExternalId(store, connection.name, externalIds),
    identityOwners: await findIdentityOwners(store, [...new Set(identities.map(({ user_id: id }) => id))]),
    connections: await findConnectionNames(store, [
      ...new Set(identities.map((identity) => identity.connection ?? identity.provider)),
    ]),
    roles: await findOrMakeRoles(
      context,
      roleNames,
      rows.flatMap((row) => row.roles ?? []),
    ),
    organizations: await findOrganizationIds(store, [...new Set(organizationNames.map(foldText))]),
    takenValues: await findTakenValues(store, uniqueOf(uniquePathsOf(context), rows)),
  });
  if (options.upsert) await facts.loadMatched(rows);
  return facts;
}

function externalIdsOf(rows: readonly NativeRow[]): string[] {
  return rows.flatMap((row) => {
    const value = row.app_metadata?.['external_id'];
    return typeof value === 'string' ? [value] : [];
  });
}

const stores = ['user', 'app'] as const;

interface UniquePaths {
  readonly store: 'user' | 'app';
  readonly paths: readonly string[];
}

/** Of the stores that have any. */
function uniquePathsOf({ call }: Pick<Applying, 'call'>): readonly UniquePaths[] {
  return stores.flatMap((store) => {
    const schema = schemaOf(call.policy, store);
    const paths = schema ? uniquePaths(schema) : [];
    return paths.length === 0 ? [] : [{ store, paths }];
  });
}

function uniqueOf(unique: readonly UniquePaths[], rows: readonly NativeRow[]): readonly StoreValue[] {
  return unique.flatMap(({ store, paths }) =>
    rows.flatMap((row) =>
      uniqueValues(row[`${store}_metadata`] ?? {}, paths).map((value) => ({ ...value, store })),
    ),
  );
}

export interface StoreValue {
  readonly store: 'user' | 'app';
  readonly path: string;
  readonly valueHash: string;
}

interface LookedUp {
  readonly identifiers: ReadonlyMap<string, string>;
  readonly ids: ReadonlySet<string>;
  readonly externalIds: ReadonlyMap<string, string>;
  readonly identityOwners: ReadonlyMap<string, string>;
  readonly connections: ReadonlySet<string>;
  readonly roles: ReadonlyMap<string, string>;
  readonly organizations: ReadonlyMap<string, string>;
  readonly takenValues: ReadonlySet<string>;
}

export interface Match {
  readonly userId: string;
  readonly conflict: Finding | null;
}

/** What is known of the users, roles and organizations that a chunk speaks of. */
export class ChunkFacts {
  readonly users = new Map<string, StoredUser>();
  readonly metadata = new Map<string, StoredMetadata>();
  private readonly identities = new Map<string, string>();
  private readonly takenValues: Set<string>;
  private readonly reserved: (StoreValue & { readonly userId: string })[] = [];
  private readonly unique: readonly UniquePaths[];

  constructor(
    private readonly context: Applying,
    readonly known: LookedUp,
  ) {
    for (const [key, owner] of known.identityOwners) this.identities.set(key, owner);
    this.takenValues = new Set(known.takenValues);
    this.unique = uniquePathsOf(context);
  }

  /** Whether any value of metadata must be unique. */
  get hasUnique(): boolean {
    return this.unique.length > 0;
  }

  async loadMatched(rows: readonly NativeRow[]): Promise<void> {
    const ids = [...new Set(rows.flatMap((row) => this.matchedId(row, this.context.options.matchOn) ?? []))];
    for (const [id, user] of await lockUsers(this.context.store, ids)) this.users.set(id, user);
    for (const [id, row] of await findStoredMetadata(this.context.store, ids)) this.metadata.set(id, row);
  }

  /** The user that a row speaks of; null: nobody, it is a new one. */
  match(row: NativeRow, { upsert, matchOn }: ImportOptions): Match | null {
    if (!upsert) return null;
    const userId = this.matchedId(row, matchOn);
    if (userId === null) return null;
    const username = row.username === undefined ? undefined : this.owner('username', row.username);
    const isOther = matchOn[0] === 'USER_ID' && username !== undefined && username !== userId;
    return { userId, conflict: isOther ? conflict('CONFLICT_USERNAME', 'username') : null };
  }

  private matchedId(row: NativeRow, matchOn: readonly ImportKey[]): string | null {
    for (const key of matchOn) {
      const found = this.ownerBy(key, row);
      if (found !== undefined) return found;
    }
    return null;
  }

  private ownerBy(key: ImportKey, row: NativeRow): string | undefined {
    if (key === 'EMAIL') return row.email === undefined ? undefined : this.owner('email', row.email);
    if (key === 'USERNAME')
      return row.username === undefined ? undefined : this.owner('username', row.username);
    if (key === 'EXTERNAL_ID') return this.known.externalIds.get(externalIdsOf([row])[0] ?? '');
    const id = `${this.context.connection.strategy}|${row.user_id ?? ''}`;
    return this.known.ids.has(id) ? id : undefined;
  }

  private owner(member: 'email' | 'username' | 'phone_number', value: string): string | undefined {
    return this.known.identifiers.get(`${member}\u0000${foldText(value)}`);
  }

  /** What of a new user belongs to somebody else already. */
  conflicts(row: NativeRow): Finding[] {
    const found: Finding[] = [];
    if (row.email !== undefined && this.owner('email', row.email) !== undefined)
      found.push(conflict('CONFLICT_EMAIL', 'email'));
    if (row.user_id !== undefined && this.known.ids.has(`${this.context.connection.strategy}|${row.user_id}`))
      found.push(conflict('CONFLICT_USER_ID', 'user_id'));
    if (row.username !== undefined && this.owner('username', row.username) !== undefined)
      found.push(conflict('CONFLICT_USERNAME', 'username'));
    if (row.phone_number !== undefined && this.owner('phone_number', row.phone_number) !== undefined)
      found.push(conflict('CONFLICT_PHONE', 'phone_number'));
    return found;
  }

  identityOwner(connection: string, providerUserId: string): string | undefined {
    return this.identities.get(identityKey(connection, providerUserId));
  }

  takeIdentity(connection: string, providerUserId: string, userId: string): void {
    this.identities.set(identityKey(connection, providerUserId), userId);
  }

  /** Whether another user has the value of a property that is declared unique. */
  isTaken({ store, path, valueHash }: StoreValue): boolean {
    return this.takenValues.has(`${store} ${path} ${valueHash}`);
  }

  reserve(userId: string, value: StoreValue): void {
    this.takenValues.add(`${value.store} ${value.path} ${value.valueHash}`);
    this.reserved.push({ ...value, userId });
  }

  reserveUniqueValues(store: Store): Promise<void> {
    return insertValues(store, this.reserved);
  }

  factsOf(userId: string): Promise<ObjectFacts> {
    return objectFactsOf(this.context.call, this.context.store, userId);
  }

  uniqueOf(row: Pick<NativeRow, 'user_metadata' | 'app_metadata'>): readonly StoreValue[] {
    return this.hasUnique ? uniqueOf(this.unique, [row]) : [];
  }

  contentOf(userId: string): { readonly user: MetadataObject; readonly app: MetadataObject } {
    const stored = this.metadata.get(userId);
    return { user: stored?.userJson ?? {}, app: stored?.appJson ?? {} };
  }
}

function conflict(code: string, path: string): Finding {
  return { code, message: 'Another user of this connection has it.', path };
}

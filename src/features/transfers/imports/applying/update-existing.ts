import { changedPaths } from '#src/features/metadata/changed-paths';
import { mergeMetadata, type MetadataMode } from '#src/features/metadata/merge-metadata';
import { saveContent } from '#src/features/metadata/save-metadata';
import type { Finding } from '#src/features/transfers/formats/import-format';
import type { NativeRow } from '#src/features/transfers/formats/native/native-row';
import type { ImportMetadataMode } from '#src/features/transfers/imports/import-options';
import { readSources, withSources } from '#src/features/users/profile/attribute-sources';
import { attributePaths, changedKeys, profileOf, type ProfileKey } from '#src/features/users/profile/profile';
import { addFactorsToExisting } from './add-factors';
import { auditOf } from './add-new-user';
import type { Applying, RowOutcome } from './apply-rows';
import { checkMetadata } from './check-row-metadata';
import type { ChunkFacts } from './chunk-facts';
import type { StoredMetadata, StoredUser } from './existing-users.repository';
import { requireAccountStanding } from '#src/features/organizations/effective-permissions/account-standing';
import { GatehouseError } from '#src/shared/errors';
import type { PreparedRow } from './prepared-row';
import { insertAudit, replaceImportedHash, updateUser } from './update-user.repository';

type Updated = Pick<RowOutcome, 'outcome' | 'userId' | 'errors' | 'warnings'>;
type MatchedRow = Omit<PreparedRow, 'row'> & { readonly row: NativeRow };

/** Attributes that an upsert changes, by their member of the row. */
const upsertable: readonly ProfileKey[] = [
  'emailVerified',
  'givenName',
  'familyName',
  'name',
  'nickname',
  'picture',
];

const modes: Readonly<Record<ImportMetadataMode, MetadataMode>> = {
  REPLACE: 'REPLACE',
  SHALLOW_MERGE: 'MERGE_SHALLOW',
  DEEP_MERGE: 'MERGE_DEEP',
};

/** Changes what an upsert may change of a stored user; everything else that differs is told. */
export async function updateExisting(
  context: Applying,
  facts: ChunkFacts,
  prepared: MatchedRow,
  userId: string,
): Promise<Updated> {
  const { row } = prepared;
  const stored = facts.users.get(userId) as StoredUser;
  const done = (outcome: RowOutcome['outcome'], warnings: readonly Finding[] = []): Updated => ({
    ...{ outcome, userId, errors: [], warnings },
  });
  if (context.options.onlyIfNewer && (row.updated_at ?? 0) <= stored.updatedAt) return done('skipped');
  const content = facts.contentOf(userId);
  const metadata = { user_metadata: content.user, app_metadata: content.app };
  const after = mergedMetadata(row, metadata, context.options.metadataMode);
  const problem = checkMetadata(context, facts, after, metadata);
  if (problem) return { ...done('failed'), errors: [problem] };
  const stronger = await refuseStronger(context, prepared, userId);
  if (stronger) return { ...done('failed'), errors: [stronger] };
  const warnings = differences(row, stored);
  const changed = [
    ...(await updateProfile(context, row, stored)),
    ...(await updateMetadata(context, facts, userId, metadata, after)),
    ...(await addFactorsToExisting(context, row.mfa_factors ?? [], stored, warnings)),
  ];
  if (prepared.passwordHash !== null && row.custom_password_hash !== undefined) {
    const replaced = await replaceImportedHash(
      { ...context, now: context.call.clock.now() },
      userId,
      prepared.passwordHash,
    );
    if (replaced === 'native') warnings.push(notUpsertable('custom_password_hash'));
    else if (replaced === 'changed') changed.push('password');
  }
  if (changed.length === 0) return done('skipped', warnings);
  await insertAudit(
    context.store,
    auditOf(context, userId, changed, context.call.clock.now(), 'user.update'),
  );
  return done('updated', warnings);
}

/** SECURITY: taking over; a file chooses no way in to an account that may do what whoever asked for the import may not. */
async function refuseStronger(
  { call, store }: Applying,
  { row, passwordHash }: MatchedRow,
  userId: string,
): Promise<Finding | null> {
  const isPassword = passwordHash !== null && row.custom_password_hash !== undefined;
  if (!isPassword && (row.mfa_factors ?? []).length === 0) return null;
  try {
    await requireAccountStanding(call, store, userId, 'TAKE_HOLD');
    return null;
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    return {
      ...{ code: 'FIELD_NOT_ALLOWED', path: isPassword ? 'custom_password_hash' : 'mfa_factors' },
      message: 'This user may do what whoever asked for the import may not.',
    };
  }
}

type Stores = Required<{ [member in 'user_metadata' | 'app_metadata']: Readonly<Record<string, unknown>> }>;

function mergedMetadata(row: NativeRow, before: Stores, mode: ImportMetadataMode): Stores {
  const merged = (member: keyof Stores): Readonly<Record<string, unknown>> =>
    row[member] === undefined ? before[member] : mergeMetadata(before[member], row[member], modes[mode]);
  return { user_metadata: merged('user_metadata'), app_metadata: merged('app_metadata') };
}

async function updateProfile(
  { store, call }: Applying,
  row: NativeRow,
  stored: StoredUser,
): Promise<string[]> {
  const before = profileOf(stored);
  const given = Object.fromEntries(
    upsertable.flatMap((key) => {
      const value = row[attributePaths[key] as keyof NativeRow];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const changed = changedKeys(before, given);
  if (changed.length === 0) return [];
  const now = call.clock.now();
  await updateUser(store, stored.id, {
    profile: { ...before, ...given },
    attributeSources: withSources(readSources(stored.attributeSources), changed, {
      ...{ source: 'LOCAL', connection: null, at: now },
    }),
    version: stored.version + 1,
    updatedAt: now,
  });
  return changed.map((key) => attributePaths[key]);
}

async function updateMetadata(
  { store, call, audit, limits }: Applying,
  facts: ChunkFacts,
  userId: string,
  before: Stores,
  after: Stores,
): Promise<string[]> {
  let stored: StoredMetadata = facts.metadata.get(userId) ?? {
    ...{ userId, userJson: {}, appJson: {}, bytes: 4, version: 0, updatedAt: call.clock.now() },
  };
  const paths: string[] = [];
  for (const name of ['user', 'app'] as const) {
    const member = `${name}_metadata` as const;
    const changed = changedPaths(before[member], after[member]);
    if (changed.length === 0) continue;
    const saving = { store, call, audit, limits, facts: await facts.factsOf(userId) };
    ({ row: stored } = await saveContent(saving, stored, { name, after: after[member], changed }));
    paths.push(...changed.map((path) => `${member}.${path}`));
  }
  return paths;
}

/** Members that were given, differ from what is stored and are not changed. */
function differences(row: NativeRow, stored: StoredUser): Finding[] {
  const held: readonly (readonly [keyof NativeRow, unknown])[] = [
    ['email', stored.email?.toLowerCase()],
    ['user_id', stored.id.slice(stored.id.indexOf('|') + 1)],
    ['username', stored.username],
    ['phone_number', stored.phoneNumber],
    ['phone_verified', stored.phoneVerified],
    ['blocked', stored.blocked],
    ['created_at', stored.createdAt],
    ['last_login', stored.lastLogin],
    ['last_ip', stored.lastIp],
    ['logins_count', stored.loginsCount],
    ['last_password_reset', stored.lastPasswordReset],
    ['password_hash', undefined],
    ['roles', undefined],
    ['organizations', undefined],
  ];
  return held.flatMap(([member, value]) => {
    const given = row[member];
    if (given === undefined || given === value || (Array.isArray(given) && given.length === 0)) return [];
    return [notUpsertable(member)];
  });
}

function notUpsertable(path: string): Finding {
  return {
    code: 'NOT_UPSERTABLE',
    message: 'This is set when a user is created, and was not changed.',
    path,
  };
}

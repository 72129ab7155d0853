import type { Call } from '#src/access/call';
import { decide, type ObjectFacts } from '#src/access/decide';
import type { AttributeSchema } from '#src/access/policy';
import type { AuditService } from '#src/features/audit/audit.service';
import { checkSize, sizeOf, type MetadataLimits } from './check-metadata';
import { compareLeaves, type Leaf, type LeafChange } from './flatten';
import { lintMetadata, type LintFinding } from './lint-metadata';
import type { MetadataNotice } from './metadata-change';
import { metadataErrors } from './metadata.errors';
import { storePaths, type MetadataObject, type StoreName } from './metadata-store';
import { saveLeaves, saveMetadata, type MetadataRow } from './metadata.repository';
import { findMixedPaths } from './mixed-types.repository';
import { currentSchema } from '#src/features/metadata/schema/current-schema';
import { assertMeetsSchema } from '#src/features/metadata/schema/enforce-schema';
import { isIndexed, uniquePaths } from '#src/features/metadata/schema/schema-rules';
import { reserveUniqueValues } from '#src/features/metadata/schema/unique-value.repository';
import { uniqueValues } from '#src/features/metadata/schema/unique-values';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** What saving a store needs beside the content. */
export interface Saving {
  readonly store: Store;
  readonly call: Call;
  readonly audit: AuditService;
  readonly limits: MetadataLimits;
  readonly facts: ObjectFacts;
  /** Of the stored rules, if this transaction has read it. */
  readonly policyVersion?: number | undefined;
}

/** The new content of one of the two stores. */
export interface NewContent {
  readonly name: StoreName;
  readonly after: MetadataObject;
  /** Dotted paths below the store whose value changes. */
  readonly changed: readonly string[];
}

export interface SavedContent {
  readonly row: MetadataRow;
  readonly notices: readonly MetadataNotice[];
}

/**
 * Stores one of the two objects with its leaves and its unique values, in a constant number of statements. Refuses to grow above the
 * hard limit, what does not meet the schema, and a value that another user has.
 */
export async function saveContent(
  saving: Saving,
  stored: MetadataRow,
  content: NewContent,
): Promise<SavedContent> {
  const { store, call, limits } = saving;
  const { name, after, changed } = content;
  const before = name === 'user' ? stored.userJson : stored.appJson;
  const schema = await currentSchema(store, call.policy, name, saving.policyVersion);
  const standing = assertMeetsSchema(schema, after, changed);
  const userJson = name === 'user' ? after : stored.userJson;
  const appJson = name === 'app' ? after : stored.appJson;
  const bytes = sizeOf(userJson, appJson);
  const tooLarge = bytes <= stored.bytes ? [] : checkSize(bytes, limits);
  const row: MetadataRow = {
    userId: stored.userId,
    userJson,
    appJson,
    bytes,
    version: stored.version + 1,
    updatedAt: call.clock.now(),
  };
  const leaves = compareLeaves(before, after);
  refuseMany(leaves);
  await saveMetadata(store, row);
  await saveLeaves(store, row.userId, name, leaves, after, (path) => isIndexed(schema, path));
  if (schema) await saveUnique(saving, row.userId, content, schema, leaves);
  if (tooLarge.length > 0) await reportSize(saving, row);
  const mayRead = ({ path }: { readonly path: string }): boolean =>
    decide(call, 'READ', `${storePaths[name]}.${path}`, saving.facts) === 'ALLOW';
  const findings = [
    ...lintMetadata(name, after, changed).filter(({ path }) => path === '' || mayRead({ path })),
    ...(await mixedTypes(saving, name, leaves)),
  ];
  return {
    row,
    notices: [
      ...tooLarge.map((message) => ({ code: 'PROFILE_OVERSIZED', message })),
      ...standing
        .filter((violation) => violation.path !== '' && mayRead(violation))
        .map(({ path, problem }) => ({
          code: 'METADATA_SCHEMA_VIOLATION',
          message: `${storePaths[name]}.${path} ${problem}.`,
        })),
      ...findings.map((finding) => lintNotice(name, finding)),
    ],
  };
}

/** So many searchable values one change may add: each is a row of its own. */
const mostAdded = 10_000;

/**
 * SECURITY: one write, of a store that is within its bytes, could add sixty thousand rows and keep the one writer of SQLite and the process
 * busy for seconds; everybody may write the own store.
 */
function refuseMany({ added }: LeafChange): void {
  if (added.length <= mostAdded) return;
  throw metadataErrors.PROFILE_TOO_LARGE({
    message: `One change may add at most ${mostAdded} values. Keep large data elsewhere.`,
    extensions: { limit: mostAdded, current: added.length },
  });
}

function lintNotice(name: StoreName, { path, rule, problem }: LintFinding): MetadataNotice {
  const place = path === '' ? storePaths[name] : `${storePaths[name]}.${path}`;
  return { code: `METADATA_${rule}`, message: `${place.slice(0, 300)} ${problem}.` };
}

async function reportSize(
  { store, call, audit, limits }: Saving,
  { userId, bytes }: MetadataRow,
): Promise<void> {
  call.logger.warn({ event: 'profile.oversized', userId, bytes });
  await audit.record(store, call, {
    action: 'profile.oversized',
    targetType: 'User',
    targetId: userId,
    details: { bytes, limit: limits.softLimitBytes },
  });
}

async function saveUnique(
  { store, call, facts }: Saving,
  userId: string,
  { name, after }: NewContent,
  schema: AttributeSchema,
  { added, removed }: LeafChange,
): Promise<void> {
  const declared = uniquePaths(schema);
  const touched = declared.filter((path) => [...added, ...removed].some((leaf) => leaf.path === path));
  if (touched.length === 0) return;
  // SECURITY: who may not read the values could find out by writing which of them others have, so such a caller writes none of them.
  const closed = touched
    .map((path) => `${schema.attribute}.${path}`)
    .filter((path) => decide(call, 'READ', path, facts) !== 'ALLOW');
  if (closed.length > 0) throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { paths: closed } });
  const owner = { userId, store: name };
  if (await reserveUniqueValues(store, owner, touched, uniqueValues(after, touched))) return;
  const paths = touched.map((path) => `${schema.attribute}.${path}`);
  throw metadataErrors.METADATA_VALUE_TAKEN({
    message: `Another user has a value that must be unique: ${paths.join(', ')}. Nothing was written.`,
    extensions: { paths },
  });
}

/** M14: one datatype for each key. Asked only when a leaf of a new kind appears, and of paths that the caller may search by. */
async function mixedTypes(
  { store, call }: Saving,
  name: StoreName,
  { added, removed }: LeafChange,
): Promise<readonly LintFinding[]> {
  const before = new Set(removed.map(kindKey));
  const fresh = added.filter(
    (leaf) =>
      !before.has(kindKey(leaf)) && decide(call, 'FILTER', `${storePaths[name]}.${leaf.path}`) === 'ALLOW',
  );
  const paths = await findMixedPaths(store, name, fresh);
  return paths.map((path) => ({
    path,
    rule: 'MIXED_TYPES',
    problem:
      'has values of several types (text, number, boolean) among users; searches then find only one kind',
  }));
}

function kindKey(leaf: Leaf): string {
  return `${leaf.path}\u0000${leaf.kind}`;
}

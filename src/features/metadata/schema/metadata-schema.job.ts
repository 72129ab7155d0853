import { z } from 'zod';
import type { StoreName } from '#src/features/metadata/metadata-store';
import {
  findSchema,
  saveUniqueness,
  type MetadataSchemaRow,
} from '#src/features/metadata/schema/metadata-schema.repository';
import type { PolicyVersion } from '#src/features/metadata/schema/policy-version';
import {
  findContents,
  reindexUsers,
  type ContentRow,
} from '#src/features/metadata/schema/reindex.repository';
import { declaredUnique, isIndexed, snapshotOf } from '#src/features/metadata/schema/schema-rules';
import {
  forgetUniqueValues,
  insertUniqueValues,
} from '#src/features/metadata/schema/unique-value.repository';
import { uniqueValues } from '#src/features/metadata/schema/unique-values';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import type { Store } from '#src/storage/store';

const payload = z.strictObject({
  store: z.enum(['user', 'app']),
  /** Paths whose leaves appear in the index, or leave it. */
  reindex: z.array(z.string()),
  /** Paths that became unique. */
  reserve: z.array(z.string()),
  /** Paths at which nothing is reserved any more, or not yet. */
  forget: z.array(z.string()),
});
type Payload = z.output<typeof payload>;

interface Checkpoint {
  readonly isForgotten: boolean;
  readonly after: string;
  /** Paths at which a value was found twice. */
  readonly repeated: readonly string[];
}

/** Brings the index and the reserved values to what a schema says. Half of it would leave searches wrong, so it is not cancelled. */
export const metadataSchemaChange = defineJob<Payload>({
  name: 'metadata_schema_change',
  description: 'Brings the search index and the reserved values of a metadata store to what its schema says.',
  payload,
  isCancellable: false,
});

export const metadataSchemaHandling = (policy: Pick<PolicyVersion, 'raise'>): JobHandling =>
  handleJob<Payload, Checkpoint>(metadataSchemaChange, {
    async chunk({ store, payload: { store: name, ...paths }, checkpoint, size, jobId }) {
      // The schema of this moment: one that was saved since has a job of its own for what it changed.
      const schema = await findSchema(store, name);
      const reserve = stillMeant(schema, paths.reserve, jobId);
      const at = checkpoint ?? { isForgotten: false, after: '', repeated: [] };
      if (!at.isForgotten) {
        const declared = new Set(schema ? declaredUnique(snapshotOf(schema)) : []);
        const forget = paths.forget.filter((path) => reserve.includes(path) || !declared.has(path));
        const forgotten = forget.length === 0 ? 0 : await forgetUniqueValues(store, name, forget, size);
        if (forgotten >= size) return { isDone: false, checkpoint: at };
      }
      const rows = await findContents(store, name, at.after, size);
      const snapshot = schema ? snapshotOf(schema) : undefined;
      if (paths.reindex.length > 0)
        await reindexUsers(store, name, rows, paths.reindex, (path) => isIndexed(snapshot, path));
      const twice = await reserveValues(store, name, rows, reserve);
      const repeated = [...new Set([...at.repeated, ...twice])];
      const isDone = rows.length < size;
      if (isDone && reserve.length > 0) await settle(store, policy, name, jobId, repeated);
      return {
        isDone,
        checkpoint: { isForgotten: true, after: rows.at(-1)?.userId ?? at.after, repeated },
        counts: { processed: rows.length, failed: twice.length },
      };
    },
  });

function stillMeant(
  schema: MetadataSchemaRow | null,
  paths: readonly string[],
  jobId: string,
): readonly string[] {
  return paths.filter((path) => schema?.uniqueness[path]?.jobId === jobId);
}

/** Reserves what these users have; answers the path of each value that another user has. */
async function reserveValues(
  store: Store,
  name: StoreName,
  rows: readonly ContentRow[],
  paths: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const values = rows.flatMap(({ userId, content }) => {
    const own = uniqueValues(content, paths).map((value) => ({ ...value, userId }));
    return [...new Map(own.map((value) => [`${value.path} ${value.valueHash}`, value])).values()];
  });
  return (await insertUniqueValues(store, name, values)).map(({ path }) => path);
}

/** From here on the properties are unique, but for those at which values repeat: they are as if they were not declared so. */
async function settle(
  store: Store,
  policy: Pick<PolicyVersion, 'raise'>,
  name: StoreName,
  jobId: string,
  repeated: readonly string[],
): Promise<void> {
  await policy.raise(store);
  const schema = await findSchema(store, name);
  if (!schema) return;
  const uniqueness = Object.entries(schema.uniqueness).flatMap(([path, state]) => {
    if (state.jobId !== jobId) return [[path, state] as const];
    return repeated.includes(path) ? [[path, { jobId, isRepeated: true }] as const] : [];
  });
  await saveUniqueness(store, { store: name, uniqueness: Object.fromEntries(uniqueness) });
}

import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import { viewOfJob, type JobView } from '#src/features/jobs/job-view';
import { storePaths, type StoreName } from '#src/features/metadata/metadata-store';
import { checkMetadataSchema } from '#src/features/metadata/schema/check-metadata-schema';
import { validatorOf } from '#src/features/metadata/schema/enforce-schema';
import { metadataSchemaChange } from '#src/features/metadata/schema/metadata-schema.job';
import * as schemas from '#src/features/metadata/schema/metadata-schema.repository';
import type { MetadataSchemaRow } from '#src/features/metadata/schema/metadata-schema.repository';
import { pathsToReindex } from '#src/features/metadata/schema/paths-to-reindex';
import type { PolicyVersion } from '#src/features/metadata/schema/policy-version';
import { declaredUnique, snapshotOf } from '#src/features/metadata/schema/schema-rules';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { JobRow } from '#src/jobs/job.repository';
import type { Jobs } from '#src/jobs/jobs';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface SaveMetadataSchema {
  readonly store: StoreName;
  readonly schema: unknown;
  readonly undeclaredKeys: 'ALLOW' | 'REFUSE';
  /** The version that was read; needed to change a schema, absent for the first one. */
  readonly expectedVersion: number | null;
}

export interface SavedMetadataSchema {
  readonly schema: MetadataSchemaRow;
  /** What brings the index and the reserved values to it; null when nothing of them changes. */
  readonly job: JobView | null;
}

/**
 * What the metadata stores may hold. A change is in force on this node when its call ends, on the others when they next ask; what
 * has to be done for all users is a job, which small databases see ended with the call.
 */
export class MetadataSchemaService {
  constructor(
    private readonly audit: AuditService,
    private readonly policy: PolicyVersion,
    private readonly worker: Pick<Jobs, 'runNow'>,
  ) {}

  list(call: Call): Promise<MetadataSchemaRow[]> {
    return schemas.findSchemas(call.store);
  }

  /** Puts a schema in the place of the stored one, if that is still the expected one. */
  async save(call: Call, input: SaveMetadataSchema): Promise<SavedMetadataSchema> {
    requireTenant(call);
    checkMetadataSchema(input.schema);
    const { row, job } = await call.store.transaction(async (store) => {
      await this.policy.raise(store);
      const stored = await schemas.findSchema(store, input.store);
      requireExpected(stored, input.expectedVersion);
      const draft: MetadataSchemaRow = {
        store: input.store,
        schema: input.schema as Record<string, unknown>,
        undeclaredKeys: input.undeclaredKeys,
        version: (stored?.version ?? 0) + 1,
        uniqueness: {},
        updatedBy: call.principal.subject,
        updatedAt: call.clock.now(),
      };
      // Compiled once before it counts: what cannot be compiled is refused here and never at a write.
      validatorOf(snapshotOf(draft));
      const change = changeBetween(stored, draft);
      const enqueued = await this.enqueue(store, call, input.store, change);
      const state = { jobId: enqueued?.id ?? '', isRepeated: false };
      const uniqueness = Object.fromEntries(change.reserve.map((path) => [path, state]));
      const saved = { ...draft, uniqueness };
      await schemas.saveSchema(store, saved);
      await this.record(store, call, 'metadata_schema.save', input.store, { version: saved.version });
      return { row: saved, job: enqueued };
    });
    const worked = await this.work(job);
    const now = worked === null ? row : ((await schemas.findSchema(call.store, input.store)) ?? row);
    return { schema: now, job: worked };
  }

  /** Takes a schema back: everything is allowed and searchable again. Answers the job that sees to it. */
  async delete(call: Call, name: StoreName): Promise<JobView | null> {
    requireTenant(call);
    const job = await call.store.transaction(async (store) => {
      await this.policy.raise(store);
      const stored = await schemas.findSchema(store, name);
      if (!stored || !(await schemas.deleteSchema(store, name)))
        throw commonErrors.NOT_FOUND({ message: `There is no schema of ${storePaths[name]}.` });
      await this.record(store, call, 'metadata_schema.delete', name, { version: stored.version });
      return this.enqueue(store, call, name, changeBetween(stored, null));
    });
    return this.work(job);
  }

  private async enqueue(
    store: Store,
    call: Call,
    name: StoreName,
    { reindex, reserve, forget }: SchemaChange,
  ): Promise<JobRow | null> {
    if (reindex.length + reserve.length + forget.length === 0) return null;
    return enqueueJob(store, call, metadataSchemaChange, {
      ...{ store: name, reindex: [...reindex], reserve: [...reserve], forget: [...forget] },
    });
  }

  /** After the commit: the schema first, so that writers keep to it while the job walks. */
  private async work(job: JobRow | null): Promise<JobView | null> {
    await this.policy.refresh();
    if (job === null) return null;
    const worked = (await this.worker.runNow(job.id)) ?? job;
    await this.policy.refresh();
    return viewOfJob(worked);
  }

  private record(
    store: Store,
    call: Call,
    action: string,
    name: StoreName,
    details: Record<string, unknown>,
  ): Promise<void> {
    return this.audit.record(store, call, {
      action,
      targetType: 'MetadataSchema',
      targetId: storePaths[name],
      changedPaths: [storePaths[name]],
      details,
    });
  }
}

interface SchemaChange {
  readonly reindex: readonly string[];
  readonly reserve: readonly string[];
  readonly forget: readonly string[];
}

/** What a change means for what is stored. A property at which values repeated is tried again, one that is pending begins anew. */
function changeBetween(stored: MetadataSchemaRow | null, next: MetadataSchemaRow | null): SchemaChange {
  const [before, after] = [stored, next].map((row) => (row ? snapshotOf(row) : undefined));
  const old = before ? declaredUnique(before) : [];
  const unique = after ? declaredUnique(after) : [];
  const isInForce = (path: string): boolean => old.includes(path) && !before?.uniqueness?.[path];
  const reserve = unique.filter((path) => !isInForce(path));
  return {
    reindex: pathsToReindex(before, after),
    reserve,
    forget: [...reserve, ...old.filter((path) => !unique.includes(path))],
  };
}

function requireExpected(stored: MetadataSchemaRow | null, expected: number | null): void {
  if (expected === (stored?.version ?? null)) return;
  if (stored && expected === null) {
    throw commonErrors.BAD_USER_INPUT({
      message: 'Name the version that you read, so that nobody else’s change is lost.',
      extensions: { field: 'expectedVersion' },
    });
  }
  throw commonErrors.VERSION_CONFLICT({ extensions: { current: stored?.version ?? null } });
}

/** SECURITY: a caller who is bound to an organization would change what holds for all of them. */
function requireTenant(call: Call): void {
  if (call.principal.organizationId === null) return;
  throw commonErrors.FORBIDDEN({
    message: 'Schemas hold for the whole deployment. Act without an organization.',
  });
}

import type { Call } from '#src/access/call';
import type { AttributeSchema } from '#src/access/policy';
import type { AuditService } from '#src/features/audit/audit.service';
import { storePaths, type StoreName } from '#src/features/metadata/metadata-store';
import { metadataErrors } from '#src/features/metadata/metadata.errors';
import { checkMetadataSchema } from '#src/features/metadata/schema/check-metadata-schema';
import { validatorOf } from '#src/features/metadata/schema/enforce-schema';
import { pathsToReindex, reindexMetadata } from '#src/features/metadata/schema/reindex-metadata';
import * as schemas from '#src/features/metadata/schema/metadata-schema.repository';
import type { MetadataSchemaRow } from '#src/features/metadata/schema/metadata-schema.repository';
import { findContents } from '#src/features/metadata/schema/reindex.repository';
import { uniquePaths } from '#src/features/metadata/schema/schema-rules';
import {
  forgetUniquePaths,
  insertUniqueValues,
  uniqueValues,
} from '#src/features/metadata/schema/unique-value.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** How the nodes learn that the snapshot of stored rules is another: the same way as for attribute rules. */
export interface PolicyVersion {
  /** Moves the version on, in the transaction of the change. */
  raise(store: Store): Promise<void>;
  /** Reads the snapshot anew on this node, after the commit. */
  refresh(): Promise<void>;
}

export interface SaveMetadataSchema {
  readonly store: StoreName;
  readonly schema: unknown;
  readonly undeclaredKeys: 'ALLOW' | 'REFUSE';
  /** The version that was read; needed to change a schema, absent for the first one. */
  readonly expectedVersion: number | null;
}

const batch = 500;

/** What the metadata stores may hold. A change is in force on this node when its call ends, on the others when they next ask. */
export class MetadataSchemaService {
  constructor(
    private readonly audit: AuditService,
    private readonly policy: PolicyVersion,
  ) {}

  list(call: Call): Promise<MetadataSchemaRow[]> {
    return schemas.findSchemas(call.store);
  }

  /** Puts a schema in the place of the stored one, if that is still the expected one. */
  async save(call: Call, input: SaveMetadataSchema): Promise<MetadataSchemaRow> {
    requireTenant(call);
    checkMetadataSchema(input.schema);
    const { saved, before } = await call.store.transaction(async (store) => {
      await this.policy.raise(store);
      const stored = await schemas.findSchema(store, input.store);
      requireExpected(stored, input.expectedVersion);
      const row: MetadataSchemaRow = {
        store: input.store,
        schema: input.schema as Record<string, unknown>,
        undeclaredKeys: input.undeclaredKeys,
        version: (stored?.version ?? 0) + 1,
        updatedBy: call.principal.subject,
        updatedAt: call.clock.now(),
      };
      const schema = snapshotOf(row);
      // Compiled once before it counts: what cannot be compiled is refused here and never at a write.
      validatorOf(schema);
      await schemas.saveSchema(store, row);
      await this.reserveStored(store, stored ? snapshotOf(stored) : undefined, schema, input.store);
      await this.record(store, call, 'metadata_schema.save', input.store, { version: row.version });
      return { saved: row, before: stored ? snapshotOf(stored) : undefined };
    });
    await this.policy.refresh();
    const after = snapshotOf(saved);
    await reindexMetadata(call, input.store, after, pathsToReindex(before, after));
    return saved;
  }

  /** Takes a schema back: everything is allowed and searchable again. */
  async delete(call: Call, name: StoreName): Promise<void> {
    requireTenant(call);
    const before = await call.store.transaction(async (store) => {
      await this.policy.raise(store);
      const stored = await schemas.findSchema(store, name);
      if (!stored || !(await schemas.deleteSchema(store, name)))
        throw commonErrors.NOT_FOUND({ message: `There is no schema of ${storePaths[name]}.` });
      await forgetUniquePaths(store, name, uniquePaths(snapshotOf(stored)));
      await this.record(store, call, 'metadata_schema.delete', name, { version: stored.version });
      return snapshotOf(stored);
    });
    await this.policy.refresh();
    await reindexMetadata(call, name, undefined, pathsToReindex(before, undefined));
  }

  /** Reserves what is stored at paths that become unique; refuses the schema while values there repeat. */
  private async reserveStored(
    store: Store,
    before: AttributeSchema | undefined,
    after: AttributeSchema,
    name: StoreName,
  ): Promise<void> {
    const old = before ? uniquePaths(before) : [];
    const next = uniquePaths(after);
    await forgetUniquePaths(
      store,
      name,
      old.filter((path) => !next.includes(path)),
    );
    const fresh = next.filter((path) => !old.includes(path));
    if (fresh.length === 0) return;
    for (let from: string | null = ''; from !== null;) {
      const rows: Awaited<ReturnType<typeof findContents>> = await findContents(store, name, from, batch);
      const values = rows.flatMap(({ userId, content }) =>
        uniqueValues(content, fresh).map((value) => ({ ...value, userId })),
      );
      if (!(await insertUniqueValues(store, name, values))) {
        throw metadataErrors.METADATA_VALUE_TAKEN({
          message: `Stored values repeat, so they cannot become unique: look at ${fresh.map((path) => `${storePaths[name]}.${path}`).join(', ')}.`,
          extensions: { paths: fresh.map((path) => `${storePaths[name]}.${path}`) },
        });
      }
      from = rows.length < batch ? null : (rows.at(-1)?.userId ?? null);
    }
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

function snapshotOf({ store, schema, undeclaredKeys, version }: MetadataSchemaRow): AttributeSchema {
  return { attribute: storePaths[store], schema, undeclaredKeys, version };
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

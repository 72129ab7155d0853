import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { commonErrors } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';
import type { Store } from '#src/storage/store';
import { patchedMetadata } from './application-metadata';
import * as applications from './application.repository';
import type { ApplicationRow } from './application.repository';
import { changedSettings, newApplication, type ApplicationChange } from './check-application';
import {
  createSecret,
  isConfidential,
  type NewSecret,
} from '#src/features/applications/secrets/create-secret';
import type { WebOrigins } from './web-origins';

export interface CreateApplication extends ApplicationChange {
  readonly name: string;
  readonly type: string;
}

export interface UpdateApplication extends ApplicationChange {
  readonly id: string;
  readonly ifVersion?: number | null;
}

export interface CreatedApplication {
  readonly application: ApplicationRow;
  /** The first secret of a confidential application; null for one that cannot keep any. */
  readonly secret: NewSecret | null;
}

/** The register of applications. Only callers who act for the whole deployment change it. */
export class ApplicationService {
  constructor(
    private readonly audit: AuditService,
    private readonly origins: WebOrigins,
  ) {}

  list(store: Store, page: PageArguments): Promise<Page<ApplicationRow>> {
    return applications.findApplicationPage(store, page);
  }

  count(store: Store): Promise<number> {
    return applications.countApplications(store);
  }

  /** The application of a client id when it is enabled; null otherwise. */
  async enabled(store: Store, id: string): Promise<ApplicationRow | null> {
    const row = await store.kept(
      `application ${id}`,
      async () => (await applications.findApplications(store, [id]))[0] ?? null,
    );
    return row?.isEnabled === true ? row : null;
  }

  /** Those of the ids that are applications, enabled or not. */
  async known(store: Store, ids: readonly string[]): Promise<readonly string[]> {
    return (await applications.findApplications(store, ids)).map(({ id }) => id);
  }

  async create(call: Call, { type, ...input }: CreateApplication): Promise<CreatedApplication> {
    requireTenantScope(call);
    const settings = changedSettings({ ...newApplication, name: '', type }, input);
    const now = call.clock.now();
    const row = {
      id: call.ids.next('app'),
      type,
      ...settings,
      metadata: {},
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    const created = await call.store.transaction(async (store) => {
      await applications.insertApplication(store, row);
      const secret = isConfidential(type) ? await createSecret(call, store, row.id) : null;
      await this.record(store, call, 'application.create', row.id, Object.keys(settings));
      return { application: row, secret };
    });
    await this.origins.refresh();
    return created;
  }

  async update(call: Call, { id, ifVersion, ...change }: UpdateApplication): Promise<ApplicationRow> {
    const updated = await this.change(call, { id, ifVersion, action: 'application.update' }, (before) =>
      changedSettings(before, change),
    );
    await this.origins.refresh();
    return updated;
  }

  /** Adds, replaces and removes metadata: see `patchedMetadata`. */
  updateMetadata(
    call: Call,
    { id, patch }: { readonly id: string; readonly patch: unknown },
  ): Promise<ApplicationRow> {
    return this.change(
      call,
      { id, ifVersion: null, action: 'application.update_metadata' },
      ({ metadata }) => ({
        metadata: patchedMetadata(metadata, patch),
      }),
    );
  }

  async delete(call: Call, id: string): Promise<string> {
    requireTenantScope(call);
    await call.store.transaction(async (store) => {
      await this.require(store, id);
      await applications.deleteApplication(store, id);
      await this.record(store, call, 'application.delete', id, []);
    });
    await this.origins.refresh();
    return id;
  }

  /** The application, locked until the end of the transaction; NOT_FOUND when there is none. */
  async require(store: Store, id: string): Promise<ApplicationRow> {
    const row = await applications.lockApplication(store, id);
    if (row) return row;
    throw commonErrors.NOT_FOUND({ message: 'There is no such application.' });
  }

  record(
    store: Store,
    call: Call,
    action: string,
    targetId: string,
    changedPaths: readonly string[],
  ): Promise<void> {
    return this.audit.record(store, call, { action, targetType: 'Application', targetId, changedPaths });
  }

  private change(
    call: Call,
    {
      id,
      ifVersion,
      action,
    }: { readonly id: string; readonly ifVersion?: number | null | undefined; readonly action: string },
    changed: (before: ApplicationRow) => Partial<ApplicationRow>,
  ): Promise<ApplicationRow> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      const before = await this.require(store, id);
      if (ifVersion !== undefined && ifVersion !== null && ifVersion !== before.version) {
        throw commonErrors.VERSION_CONFLICT({ extensions: { current: before.version } });
      }
      const after = { ...before, ...changed(before) };
      const paths = (Object.keys(after) as (keyof ApplicationRow)[]).filter(
        (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
      );
      if (paths.length === 0) return before;
      const { id: _id, ...columns } = { ...after, version: before.version + 1, updatedAt: call.clock.now() };
      await applications.updateApplication(store, id, columns);
      await this.record(store, call, action, id, paths);
      return { id, ...columns };
    });
  }
}

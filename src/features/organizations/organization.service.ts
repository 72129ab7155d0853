import type { Call } from '#src/access/call';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { AuditService } from '#src/features/audit/audit.service';
import { removeMemberships } from '#src/features/organizations/members/membership-removal.repository';
import { badInput } from '#src/features/roles/checked-text';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { RoleRow } from '#src/features/roles/role.repository';
import type { CreateRole, RoleService } from '#src/features/roles/role.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { deleteOrganization } from './delete-organization';
import { checkOrganization, type OrganizationChange, type OrganizationColumns } from './check-organization';
import type { OrganizationHooks } from './organization-hooks';
import * as organizations from './organization.repository';
import type { OrganizationRow } from './organization.repository';

export interface CreateOrganization extends OrganizationChange {
  readonly name: string;
}

export interface UpdateOrganization extends OrganizationChange {
  readonly id: string;
  readonly ifVersion?: number | null;
}

export interface CreateOrganizationRole extends CreateRole {
  readonly organizationId: string;
}

/** Which applications an organization admits, and how many tokens they get, is not for those to say who act inside it. */
const operatorSettings: ReadonlySet<string> = new Set([
  'appEntitlementActive',
  'thirdPartyClientAccess',
  'tokenQuota',
]);

export interface OrganizationDependencies {
  readonly audit: AuditService;
  readonly roles: RoleService;
  readonly limits: OrganizationsConfig;
}

/** Organizations themselves; who belongs to them is the business of `MembershipService`. */
export class OrganizationService {
  readonly hooks: OrganizationHooks = { remnants: [removeMemberships] };

  constructor(private readonly dependencies: OrganizationDependencies) {}

  /** The organization of this name, whoever asks: for sign-in pages, where people name theirs. */
  byName(store: Store, name: string): Promise<OrganizationRow | null> {
    return organizations.findOrganizationByName(store, name);
  }

  /** The organization of this id, whoever asks; null: none. */
  async byId(store: Store, id: string): Promise<OrganizationRow | null> {
    return (await organizations.findOrganizations(store, [id]))[0] ?? null;
  }

  create(call: Call, input: CreateOrganization): Promise<OrganizationRow> {
    requireTenantScope(call);
    const columns = checkOrganization(input, { metadata: {} }, this.dependencies.limits);
    const now = call.clock.now();
    const row: OrganizationRow = {
      id: call.ids.next('org'),
      name: input.name,
      displayName: null,
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
      ...columns,
    };
    return call.store.transaction(async (store) => {
      await this.requireRoom(store);
      await organizations.insertOrganization(store, row);
      await this.record(store, call, 'organization.create', row.id, Object.keys(columns));
      return row;
    });
  }

  private async requireRoom(store: Store): Promise<void> {
    await store.execute(store.dialect.advisoryLock('organizations'));
    const limit = this.dependencies.limits.maxOrganizations;
    const current = (await organizations.countOrganizations(store, { bound: null })) + 1;
    refuseAbove(limit, current, `There may be at most ${limit} organizations.`);
  }

  update(call: Call, input: UpdateOrganization): Promise<OrganizationRow> {
    return call.store.transaction(async (store) => {
      const before = await this.requireReachable(call, store, input.id);
      const { ifVersion } = input;
      if (ifVersion !== undefined && ifVersion !== null && ifVersion !== before.version) {
        throw commonErrors.VERSION_CONFLICT({ extensions: { current: before.version } });
      }
      const columns = checkOrganization(input, before, this.dependencies.limits);
      const changed = (Object.keys(columns) as (keyof OrganizationColumns)[]).filter(
        (key) => JSON.stringify(columns[key]) !== JSON.stringify(before[key]),
      );
      if (changed.length === 0) return before;
      // SECURITY: whoever administers one organization must not lift what its operator laid on it.
      if (changed.some((key) => operatorSettings.has(key))) requireTenantScope(call);
      const set = { ...columns, version: before.version + 1, updatedAt: call.clock.now() };
      await organizations.updateOrganization(store, input.id, set);
      await this.record(store, call, 'organization.update', input.id, changed);
      return { ...before, ...set };
    });
  }

  /** Deletes an organization with its memberships and roles, whatever their number; its users stay. Answers its id. */
  delete(call: Call, id: string): Promise<string> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      await this.requireReachable(call, store, id);
      await deleteOrganization(call, store, id, this.hooks.remnants);
      await this.record(store, call, 'organization.delete', id, []);
      return id;
    });
  }

  /** Creates a role that only members of one organization can have. */
  createRole(call: Call, { organizationId, ...input }: CreateOrganizationRole): Promise<RoleRow> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      const known = await organizations.lockOrganization(store, organizationId);
      if (!known) throw badInput('organizationId', 'There is no such organization.');
      const limit = this.dependencies.limits.maxRolesPerOrganization;
      return this.dependencies.roles.createIn(call, store, { organizationId, limit }, input);
    });
  }

  /**
   * The organization, locked until the end of the transaction; NOT_FOUND when there is none.
   * SECURITY: guessing ids across organizations: a caller bound to one gets the same answer for another as for none.
   */
  async requireReachable(call: Call, store: Store, id: string): Promise<OrganizationRow> {
    const bound = call.principal.organizationId;
    const row = await organizations.lockOrganization(store, id);
    if (row && (bound === null || bound === row.id)) return row;
    throw commonErrors.NOT_FOUND({ message: 'There is no such organization.' });
  }

  private record(
    store: Store,
    call: Call,
    action: string,
    targetId: string,
    changedPaths: readonly string[],
  ): Promise<void> {
    const event = { action, targetType: 'Organization' as const, targetId, changedPaths };
    return this.dependencies.audit.record(store, call, event);
  }
}

import type { Call } from '#src/access/call';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import * as grants from '#src/features/organizations/applications/organization-application.repository';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { bulkIds, refuseAbove, requireAllKnown } from '#src/features/roles/bulk-ids';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { Store } from '#src/storage/store';

export interface ApplicationAccess {
  readonly organizationId: string;
  readonly applicationIds: readonly string[];
}

export interface ApplicationAccessDependencies {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly organizations: OrganizationService;
  readonly limits: Pick<OrganizationsConfig, 'maxApplications' | 'maxMachineApplications'>;
}

/** Through which applications the members of organizations may come. */
export class OrganizationApplicationService {
  constructor(private readonly dependencies: ApplicationAccessDependencies) {}

  /** Grants can be prepared: they count from the moment that the organization admits granted applications only. */
  grant(call: Call, input: ApplicationAccess): Promise<OrganizationRow> {
    return this.change(call, input, 'organization.grant_applications', async (store, ids) => {
      requireAllKnown('applicationIds', ids, await this.dependencies.applications.known(store, ids));
      await grants.insertGrants(store, input.organizationId, ids, call.clock.now());
      this.refuseTooMany(await grants.countGrants(store, input.organizationId));
    });
  }

  /** Machines and applications for people are counted each for themselves. */
  private refuseTooMany({ machines, others }: { readonly machines: number; readonly others: number }): void {
    const { maxApplications, maxMachineApplications } = this.dependencies.limits;
    const refuse = (limit: number, current: number, what: string): void =>
      refuseAbove(limit, current, `An organization may have at most ${limit} ${what}.`, 'applicationIds');
    refuse(maxMachineApplications, machines, 'applications of type MACHINE');
    refuse(maxApplications, others, 'applications for people');
  }

  /** Counts for the next sign-in; sessions go on. */
  revoke(call: Call, input: ApplicationAccess): Promise<OrganizationRow> {
    return this.change(call, input, 'organization.revoke_applications', async (store, ids) => {
      await grants.deleteGrants(store, input.organizationId, ids);
    });
  }

  /** Whether members may sign in to the organization through this application; false also when there is no such organization. */
  async admits(
    store: Store,
    organizationId: string,
    application: Pick<ApplicationRow, 'id' | 'isFirstParty'> | null,
  ): Promise<boolean> {
    const found = await grants.findEntitlement(store, organizationId, application?.id ?? null);
    if (found === null) return false;
    // SECURITY: leaving the application out would otherwise be a way around the list of those that are granted.
    if (found.appEntitlementActive && found.grantedId === null) return false;
    return application === null || application.isFirstParty || found.thirdPartyClientAccess === 'ALLOW';
  }

  /**
   * Whether a machine may get tokens for the organization: one that was granted it, or of the operator's own any where the machine's setting
   * says so. False also when there is no such organization.
   */
  async admitsMachine(
    store: Store,
    organizationId: string,
    machine: Pick<ApplicationRow, 'id' | 'isFirstParty' | 'allowAnyOrganization'>,
  ): Promise<boolean> {
    const found = await grants.findEntitlement(store, organizationId, machine.id);
    if (found === null) return false;
    if (found.grantedId === null) return machine.isFirstParty && machine.allowAnyOrganization;
    return machine.isFirstParty || found.thirdPartyClientAccess === 'ALLOW';
  }

  /** SECURITY: whoever administers one organization must not give himself applications that its operator kept from it. */
  private change(
    call: Call,
    input: ApplicationAccess,
    action: string,
    work: (store: Store, applicationIds: readonly string[]) => Promise<void>,
  ): Promise<OrganizationRow> {
    requireTenantScope(call);
    const { organizationId } = input;
    const applicationIds = bulkIds('applicationIds', input.applicationIds);
    const { audit, organizations } = this.dependencies;
    return call.store.transaction(async (store) => {
      const organization = await organizations.requireReachable(call, store, organizationId);
      await work(store, applicationIds);
      await audit.record(store, call, {
        action,
        targetType: 'Organization',
        targetId: organizationId,
        changedPaths: ['applications'],
        details: { applicationIds },
      });
      return organization;
    });
  }
}

import type { Call } from '#src/access/call';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { AuditService } from '#src/features/audit/audit.service';
import {
  checkedDomain,
  normalisedDomain,
  verificationHost,
} from '#src/features/organizations/domains/domain-name';
import * as domains from '#src/features/organizations/domains/domain.repository';
import type { DiscoveredRow, DomainRow } from '#src/features/organizations/domains/domain.repository';
import { proveTxt, type LookUpTxt, type TxtProof } from '#src/features/organizations/domains/look-up-txt';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface CreateDomain {
  readonly organizationId: string;
  readonly domain: string;
  readonly useForOrganizationDiscovery?: boolean | null;
}

export interface UpdateDomain {
  readonly id: string;
  readonly useForOrganizationDiscovery?: boolean | null;
}

export interface VerifiedDomain {
  readonly domain: DomainRow;
  /** What is missing, for people; null when the domain is proven. */
  readonly problem: string | null;
}

export interface DomainDependencies {
  readonly audit: AuditService;
  readonly organizations: OrganizationService;
  readonly limits: OrganizationsConfig;
  readonly lookUpTxt: LookUpTxt;
}

/**
 * The mail domains by which sign-in pages find organizations. They count only when the DNS has proven them; several organizations may
 * prove the same one. They never decide who may sign in.
 */
export class DomainService {
  constructor(private readonly dependencies: DomainDependencies) {}

  create(call: Call, input: CreateDomain): Promise<DomainRow> {
    const domain = checkedDomain(input.domain);
    const { organizationId } = input;
    return call.store.transaction(async (store) => {
      await this.dependencies.organizations.requireReachable(call, store, organizationId);
      const now = call.clock.now();
      const row: DomainRow = {
        id: call.ids.next('dom'),
        organizationId,
        domain,
        status: 'PENDING',
        useForOrganizationDiscovery: input.useForOrganizationDiscovery ?? true,
        verificationTxt: `gatehouse-domain-verification=${call.ids.secret(24)}`,
        createdAt: now,
        updatedAt: now,
        lastCheckedAt: null,
        verifiedAt: null,
      };
      if (!(await domains.insertDomain(store, row))) {
        throw commonErrors.CONFLICT({
          message: 'The organization has this domain already.',
          extensions: { field: 'domain' },
        });
      }
      const limit = this.dependencies.limits.maxDomains;
      const current = await domains.countDomains(store, organizationId);
      refuseAbove(limit, current, `An organization may have at most ${limit} domains.`);
      await this.record(store, call, 'create_domain', row, ['domain']);
      return row;
    });
  }

  update(call: Call, { id, useForOrganizationDiscovery }: UpdateDomain): Promise<DomainRow> {
    return call.store.transaction(async (store) => {
      const before = await this.requireReachable(call, store, id);
      const wanted = useForOrganizationDiscovery ?? before.useForOrganizationDiscovery;
      if (wanted === before.useForOrganizationDiscovery) return before;
      const set = { useForOrganizationDiscovery: wanted, updatedAt: call.clock.now() };
      await domains.updateDomain(store, id, set);
      await this.record(store, call, 'update_domain', before, ['useForOrganizationDiscovery']);
      return { ...before, ...set };
    });
  }

  /** Looks the proof up in the DNS, outside of any transaction. A domain that is proven stays so until it is removed. */
  async verify(call: Call, id: string): Promise<VerifiedDomain> {
    const { lookUpTxt, limits } = this.dependencies;
    const wanted = await call.store.transaction((store) => this.requireReachable(call, store, id));
    const host = verificationHost(wanted.domain);
    const proof = await proveTxt(lookUpTxt, host, wanted.verificationTxt, limits.domainLookupMs);
    return call.store.transaction(async (store) => {
      const before = await this.requireReachable(call, store, id);
      const now = call.clock.now();
      const isNew = proof === 'PROVEN' && before.status !== 'VERIFIED';
      const set = {
        lastCheckedAt: now,
        ...(isNew ? { status: 'VERIFIED', verifiedAt: now, updatedAt: now } : {}),
      };
      await domains.updateDomain(store, id, set);
      await this.record(store, call, 'verify_domain', before, isNew ? ['status'] : []);
      const domain = { ...before, ...set };
      return { domain, problem: domain.status === 'VERIFIED' ? null : domainProblem(proof, host) };
    });
  }

  delete(call: Call, id: string): Promise<string> {
    return call.store.transaction(async (store) => {
      const row = await this.requireReachable(call, store, id);
      await domains.deleteDomain(store, id);
      await this.record(store, call, 'delete_domain', row, ['domain']);
      return id;
    });
  }

  /**
   * The organizations of an e-mail address, for sign-in pages: none, one that is meant, or several to choose from. Subdomains are
   * domains of their own.
   */
  async discover(store: Store, email: string): Promise<readonly DiscoveredRow[]> {
    const domain = normalisedDomain(email.slice(email.lastIndexOf('@') + 1));
    if (domain === null) return [];
    return domains.findOrganizationsOfDomain(store, domain, this.dependencies.limits.maxSignInChoices);
  }

  count(store: Store, organizationId: string): Promise<number> {
    return domains.countDomains(store, organizationId);
  }

  /** SECURITY: guessing ids across organizations: a domain of another organization is answered like none. */
  private async requireReachable(call: Call, store: Store, id: string): Promise<DomainRow> {
    const bound = call.principal.organizationId;
    const row = await domains.findDomain(store, id);
    if (row && (bound === null || bound === row.organizationId)) return row;
    throw commonErrors.NOT_FOUND({ message: 'There is no such domain.' });
  }

  private record(
    store: Store,
    call: Call,
    verb: string,
    { id, organizationId }: DomainRow,
    changedPaths: readonly string[],
  ): Promise<void> {
    return this.dependencies.audit.record(store, call, {
      action: `organization.${verb}`,
      targetType: 'Organization',
      targetId: organizationId,
      changedPaths,
      details: { domainId: id },
    });
  }
}

/** What is missing, for people. */
export function domainProblem(proof: TxtProof, host: string): string {
  switch (proof) {
    case 'NO_RECORD':
      return `The DNS has no TXT record for ${host} yet. New records can take hours to spread.`;
    case 'OTHER_VALUE':
      return `The TXT record of ${host} has another value. Compare it with "verificationTxt".`;
    default:
      return 'The DNS did not answer in time. Try again later.';
  }
}

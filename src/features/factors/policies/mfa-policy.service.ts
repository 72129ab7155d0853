import type { Call } from '#src/access/call';
import type { FactorsConfig, MfaPolicy } from '#src/config/factors';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import {
  deletePolicy,
  findPoliciesAt,
  findPoliciesOver,
  storePolicy,
  type SignInPlace,
} from './mfa-policy.repository';
import { strictestPolicy } from './strictest-policy';

export interface MfaPolicyParts {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly connections: ConnectionService;
  readonly organizations: OrganizationService;
  readonly config: Pick<FactorsConfig, 'mfaPolicy'>;
}

/** A place that has a policy of its own. */
export type PolicySubject =
  | { readonly type: 'Application'; readonly applicationId: string }
  | { readonly type: 'Connection'; readonly connectionId: string }
  | { readonly type: 'Organization'; readonly organizationId: string };

/** When second factors are asked for: by the deployment, and by applications, connections and organizations. The strictest counts. */
export class MfaPolicyService {
  constructor(private readonly parts: MfaPolicyParts) {}

  /** What counts for a sign-in. */
  async at(store: Store, place: SignInPlace): Promise<MfaPolicy> {
    const { clientId, organizationId, connection } = place;
    const key = JSON.stringify([clientId, organizationId, connection]);
    const found = await store.kept(`factor policies at ${key}`, () => findPoliciesAt(store, place));
    return strictestPolicy([this.parts.config.mfaPolicy, ...found]);
  }

  /** Whether a user must keep a second factor, wherever the next sign-in will be: applications are not asked. */
  async isMandatory(store: Store, userId: string): Promise<boolean> {
    const { mfaPolicy } = this.parts.config;
    if (mfaPolicy === 'ALWAYS') return true;
    return (await findPoliciesOver(store, userId)).includes('ALWAYS');
  }

  /**
   * Says what a place asks for; NEVER: nothing of its own. NOT_FOUND for one that does not exist or is out of reach: a caller inside an
   * organization sets that of the organization alone.
   */
  async set(call: Call, subject: PolicySubject, policy: MfaPolicy): Promise<void> {
    await call.store.transaction(async (store) => {
      const { subjectId, columns } = await this.require(store, call, subject);
      if (policy === 'NEVER') await deletePolicy(store, subjectId);
      else await storePolicy(store, { subjectId, ...columns, policy, updatedAt: call.clock.now() });
      await this.parts.audit.record(store, call, {
        action: 'mfa_policy.set',
        targetType: subject.type,
        targetId: subjectId,
        changedPaths: ['mfaPolicy'],
        details: { policy },
      });
    });
  }

  private async require(store: Store, call: Call, subject: PolicySubject) {
    if (subject.type === 'Organization') {
      const { organizationId } = subject;
      await this.parts.organizations.requireReachable(call, store, organizationId);
      return { subjectId: organizationId, columns: { organizationId } };
    }
    // SECURITY: applications and connections serve everybody, so that nobody inside one organization rules over them.
    if (call.principal.organizationId !== null) throw commonErrors.NOT_FOUND();
    if (subject.type === 'Application') {
      const { applicationId } = subject;
      await this.parts.applications.require(store, applicationId);
      return { subjectId: applicationId, columns: { applicationId } };
    }
    const { connectionId } = subject;
    await this.parts.connections.lock(store, connectionId);
    return { subjectId: connectionId, columns: { connectionId } };
  }
}

import type { Call } from '#src/access/call';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { DomainService } from '#src/features/organizations/domains/domain.service';
import { findByName, findChoices, type SignInOrganizationRow } from './sign-in-organization.repository';
import { badInput } from '#src/features/roles/checked-text';
import type { Store } from '#src/storage/store';

export interface SignInOrganizationParts {
  readonly applications: ApplicationService;
  readonly attackProtection: Pick<AttackProtectionService, 'beginClue'>;
  readonly domains: DomainService;
  readonly limits: Pick<OrganizationsConfig, 'maxSignInChoices'>;
}

/** How a page that asks for the organization first has it named; one of the two. */
export interface OrganizationClue {
  readonly email?: string | null | undefined;
  readonly name?: string | null | undefined;
}

/** Which organizations a sign-in may be for, before and after who signs in is known. */
export class SignInOrganizationService {
  constructor(private readonly parts: SignInOrganizationParts) {}

  /** The organizations that a proven user may enter through the application, those joined first, at most `maxSignInChoices`. */
  choices(
    store: Store,
    user: { readonly id: string; readonly connection: string },
    application: Pick<ApplicationRow, 'id' | 'isFirstParty'>,
  ): Promise<readonly SignInOrganizationRow[]> {
    return findChoices(store, {
      ...{ userId: user.id, connection: user.connection },
      ...{ applicationId: application.id, isFirstParty: application.isFirstParty },
      limit: this.parts.limits.maxSignInChoices,
    });
  }

  /**
   * What a page that asks for the organization first makes of an answer: none, the one that is meant, or several to choose from; none
   * for an application that does not ask so. BAD_USER_INPUT for a clue that the application does not take; TOO_MANY_ATTEMPTS for a network
   * whose clues led nowhere too often.
   */
  async discover(
    call: Call,
    clientId: string,
    { email = null, name = null }: OrganizationClue,
    ip: string | null,
  ): Promise<readonly SignInOrganizationRow[]> {
    const application = await this.parts.applications.enabled(call.store, clientId);
    // SECURITY: whoever asks is unknown, so that only applications that are set up for it answer, and exact clues alone count.
    if (application?.organizationRequireBehavior !== 'PRE_LOGIN_PROMPT') return [];
    if ((email === null) === (name === null)) throw badInput('email', 'Give "email" or "name", not both.');
    const method = email === null ? 'ORGANIZATION_NAME' : 'EMAIL';
    if (!application.organizationDiscoveryMethods.includes(method))
      throw badInput(email === null ? 'name' : 'email', 'This application finds no organizations so.');
    // SECURITY: trying a list of names or companies through; only what leads nowhere is counted.
    const attempt = await this.parts.attackProtection.beginClue(call, ip);
    const found =
      email === null
        ? await this.named(call, name ?? '')
        : await this.parts.domains.discover(call.store, email);
    if (found.length > 0) await attempt.succeeded();
    return found;
  }

  private async named(call: Call, name: string): Promise<readonly SignInOrganizationRow[]> {
    const found = await findByName(call.store, name);
    return found === null ? [] : [found];
  }
}

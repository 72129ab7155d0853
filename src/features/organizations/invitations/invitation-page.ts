import { noUrl, type OrganizationsConfig } from '#src/config/organizations';
import type { ApplicationService } from '#src/features/applications/application.service';
import { badInput } from '#src/features/roles/checked-text';
import type { Store } from '#src/storage/store';

export interface PageParts {
  readonly applications: ApplicationService;
  readonly limits: Pick<OrganizationsConfig, 'invitationLoginUrl'>;
}

/** Where the invitation leads: to the application's page where one is named, else to the operator's. */
export async function requireLoginUrl(
  { applications, limits: { invitationLoginUrl } }: PageParts,
  store: Store,
  clientId: string | null,
): Promise<string> {
  if (clientId !== null) {
    const url = (await applications.enabled(store, clientId))?.initiateLoginUri ?? null;
    if (url !== null) return url;
    throw badInput('clientId', 'There is no enabled application of this id with an initiateLoginUri.');
  }
  if (invitationLoginUrl !== noUrl) return invitationLoginUrl;
  throw badInput(
    'clientId',
    'There is no page that invitations could lead to: name an application, or let the operator set organizations.invitationLoginUrl.',
  );
}

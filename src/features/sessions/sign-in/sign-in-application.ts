import type { ApplicationRow } from '#src/features/applications/application.repository';
import { signsPeopleIn } from '#src/features/applications/check-application';
import type { ApplicationService } from '#src/features/applications/application.service';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/**
 * The application through which somebody signs in. FORBIDDEN for one that is unknown, disabled or a machine, alike, and where its
 * setting does not fit: an organization is named though it takes none, or none though it requires one.
 */
export async function requireApplication(
  { applications }: { readonly applications: ApplicationService },
  store: Store,
  clientId: string,
  organizationId: string | null,
): Promise<ApplicationRow> {
  const found = await applications.enabled(store, clientId);
  // SECURITY: one answer, so that nobody learns which applications exist but are switched off.
  if (found === null || !signsPeopleIn(found.type)) {
    throw refused('clientId', 'Nobody can sign in through this application.');
  }
  if (found.organizationUsage === 'DENY' && organizationId !== null) {
    throw refused('organizationId', 'Nobody signs in to an organization through this application.');
  }
  // Prompts are shown by the application's own pages before they come here, so that each setting means the same here: refused.
  if (found.organizationUsage === 'REQUIRE' && organizationId === null) {
    throw refused('organizationId', 'Through this application you sign in to an organization: name one.');
  }
  return found;
}

function refused(field: string, message: string): GatehouseError {
  return commonErrors.FORBIDDEN({ message, extensions: { field } });
}

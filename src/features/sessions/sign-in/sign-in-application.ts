import type { ApplicationRow } from '#src/features/applications/application.repository';
import { signsPeopleIn } from '#src/features/applications/check-application';
import type { ApplicationService } from '#src/features/applications/application.service';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/**
 * The application through which somebody signs in. FORBIDDEN for one that is unknown, disabled or a machine, alike, and where its
 * setting does not fit: an organization is named though it takes none, or none though it requires one (`prompt` tells pages
 * that PRE_LOGIN_PROMPT makes ask for it first).
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
  const { organizationRequireBehavior: prompt } = found;
  // A prompt after the sign-in asks whoever has proved to be a user (`start-or-choose.ts`).
  if (found.organizationUsage === 'REQUIRE' && organizationId === null && prompt !== 'POST_LOGIN_PROMPT') {
    const message = 'Through this application you sign in to an organization: name one.';
    throw refused('organizationId', message, { prompt });
  }
  return found;
}

function refused(
  field: string,
  message: string,
  more: Readonly<Record<string, string>> = {},
): GatehouseError {
  return commonErrors.FORBIDDEN({ message, extensions: { field, ...more } });
}

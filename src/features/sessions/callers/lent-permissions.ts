import { isOwnPermission } from '#src/access/principal';
import type { ApplicationGrantService } from '#src/features/applications/grants/application-grant.service';
import type { AccessToken } from '#src/features/sessions/tokens/access-token-claims';
import type { Store } from '#src/storage/store';

/**
 * What bounds the permissions of a user's token over the own account; null: nothing does. SECURITY: those that an application lent it are in
 * force while the application holds them, not until the token expires; one statement, for tokens that carry any.
 */
export async function lentPermissions(
  grants: Pick<ApplicationGrantService, 'ownAccountPermissions'>,
  { permissions, ownPermissions }: AccessToken,
  applicationId: string | null,
  store: Store,
): Promise<ReadonlySet<string> | null> {
  const bound = permissions ?? ownPermissions;
  if (bound === null || applicationId === null) return bound;
  const names = [...bound];
  if (!names.some(isOwnPermission)) return bound;
  const lent = new Set(await grants.ownAccountPermissions(store, applicationId));
  return new Set(names.filter((name) => !isOwnPermission(name) || lent.has(name)));
}

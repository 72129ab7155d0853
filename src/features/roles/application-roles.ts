import { badInput } from './checked-text';

/** Audience of the permissions that belong to one application by itself: this and its id. */
export const applicationPrefix = 'urn:gatehouse:application:';

/** The application that permissions of a resource server belong to: the one that it is for, or the API itself. */
export function applicationOf(identifier: string): string {
  return identifier.startsWith(applicationPrefix) ? identifier.slice(applicationPrefix.length) : identifier;
}

/** A role for one application holds permissions of that application alone. */
export function refuseForeignPermissions(
  role: { readonly applicationId: string | null },
  permissions: readonly { readonly id: string; readonly identifier: string }[],
): void {
  if (role.applicationId === null) return;
  const foreign = permissions.filter(({ identifier }) => applicationOf(identifier) !== role.applicationId);
  if (foreign.length === 0) return;
  const ids = foreign.map(({ id }) => id).join(', ');
  throw badInput('permissionIds', `These permissions do not belong to the application of the role: ${ids}.`);
}

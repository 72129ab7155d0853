import { segmentsOf } from '#src/access/attribute-path';
import { decideStored, type AccessRequest, type ObjectFacts } from '#src/access/decide';
import type { Connection } from '#src/features/connections/connection.service';
import { foreignKeys } from '#src/features/users/changes/update-user';
import { attributePaths, profileKeys } from '#src/features/users/profile/profile';

/**
 * The attribute paths that this caller could change now: what the connection leaves to this gateway, as far as the caller's permissions,
 * the stored rules and the blacklist allow it. The same rules answer when it is tried.
 */
export function editableAttributes(
  request: AccessRequest,
  connection: Connection,
  facts: ObjectFacts,
): readonly string[] {
  const { permissions, userId } = request.principal;
  const foreign = foreignKeys(connection);
  const isAdministrator = permissions.has('update:users');
  const paths = isAdministrator
    ? [...profileKeys.filter((key) => !foreign.includes(key)).map((key) => attributePaths[key]), 'blocked']
    : [];
  if (isAdministrator || (userId !== null && userId === facts.ownerId)) paths.push('user_metadata');
  if (isAdministrator || permissions.has('update:users_app_metadata')) paths.push('app_metadata');
  return paths.filter((path) => {
    const { decision } = decideStored(request, 'WRITE', segmentsOf(path), facts);
    return decision === 'ALLOW' || decision === 'MASK';
  });
}

import { identitiesByUser } from '#src/features/identities/identity.loader';
import { metadataByUser } from '#src/features/metadata/metadata.loader';
import type { UserRow } from '#src/features/users/user-row';
import { userById } from '#src/features/users/user.loader';
import type { RequestContext } from '#src/graphql/request-context';

/** The caller as it is stored now; what the request read before is forgotten. */
export async function reloadCaller(context: RequestContext): Promise<UserRow | null> {
  const { userId } = context.principal;
  if (userId === null) return null;
  context.load(identitiesByUser).clear(userId);
  context.load(metadataByUser).clear(userId);
  context.load(userById).clear(userId);
  return context.load(userById).load(userId);
}

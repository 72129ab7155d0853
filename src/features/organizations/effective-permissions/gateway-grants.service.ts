import {
  findGatewayGrants,
  grantColumn,
  grantsOf,
  type GatewayGrants,
} from '#src/features/organizations/effective-permissions/gateway-grants.repository';
import type { Store } from '#src/storage/store';

/** What is in force for callers: asked at each request, so that a change acts at once. */
export const gatewayGrants = {
  /** The grants of a user inside an organization, or outside of all (null), in one statement. */
  find: (store: Store, userId: string, organizationId: string | null): Promise<GatewayGrants> =>
    findGatewayGrants(store, userId, organizationId),
  /** Permissions and roles as a member of another statement's selection, which `read` turns into names. */
  column: grantColumn,
  read: grantsOf,
};

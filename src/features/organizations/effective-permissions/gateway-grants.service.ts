import {
  findGatewayGrants,
  grantColumns,
  grantsOf,
} from '#src/features/organizations/effective-permissions/gateway-grants.repository';

/** What is in force for callers: asked at each request, so that a change acts at once. */
export const gatewayGrants = {
  /** The grants of a user inside an organization, or outside of all (null). */
  find: findGatewayGrants,
  /** What a user holds, as members of another statement's selection, of which `read` makes names. */
  columns: grantColumns,
  read: grantsOf,
};

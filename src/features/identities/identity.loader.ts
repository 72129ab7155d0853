import { findIdentities, type IdentityRow } from './identity.repository';
import { defineLoader } from '#src/graphql/request-loader';

/** The identities of a user, the primary first. */
export const identitiesByUser = defineLoader<string, readonly IdentityRow[]>(
  'identities-by-user',
  (ids, context) => findIdentities(context.store, ids),
);

import {
  findDiscarded,
  findIdentities,
  identityFieldColumns,
  type DiscardedMetadata,
  type IdentityRow,
} from './identity.repository';
import { keepConnections } from '#src/features/users/reach/row-facts';
import { neededColumns } from '#src/graphql/needed-columns';
import { defineLoader } from '#src/graphql/request-loader';

/** The identities of a user, the primary first. */
export const identitiesByUser = defineLoader<string, readonly IdentityRow[]>(
  'identities-by-user',
  async (ids, context) => {
    const lists = await findIdentities(context.store, ids, neededColumns(context, identityFieldColumns));
    keepConnections(context, ids, lists);
    return lists;
  },
);

/** The metadata that linking took out of use, by the id of the identity. */
export const discardedByIdentity = defineLoader<string, DiscardedMetadata | null>(
  'discarded-by-identity',
  (ids, context) => findDiscarded(context.store, ids),
);

import { ExtendUserWithIdentitiesResolver } from './extend-user.resolver';
import { identitiesByUser } from './identity.loader';
import { foldedIdentities, identityFieldColumns, type IdentityRow } from './identity.repository';
import { IdentityFieldsResolver } from './identity-fields.resolver';
import { identityPermissions } from './identity.permissions';
import { IdentityResolver } from './identity.resolver';
import { IdentityService } from './identity.service';
import type { IdentityDependencies } from './link-identity';
import { registerUserFold } from '#src/features/users/folds/user-folds';
import { neededColumns } from '#src/graphql/needed-columns';
import { edge } from '#src/graphql/edges';
import type { FeatureParts } from '#src/graphql/feature';

export function startIdentities(
  services: IdentityDependencies,
): FeatureParts & { readonly identities: IdentityService } {
  const identities = new IdentityService(services);
  const { hooks } = services.users;
  // Before all other listeners: they may ask for the user's connections.
  hooks.created.unshift((store, call, user, extras) => identities.addPrimary(store, call, user, extras));
  hooks.findIdByIdentity = (store, identity) => identities.findOwner(store, identity);
  registerUserFold({
    name: 'identities',
    path: ['User.identities'],
    rows: foldedIdentities,
    columnsFor: (context) => neededColumns(context, identityFieldColumns),
    prime: (context, userId, rows) => {
      const identities = rows as { -readonly [property in keyof IdentityRow]: IdentityRow[property] }[];
      for (const identity of identities) identity.userId = userId;
      context.load(identitiesByUser).prime(userId, identities);
    },
  });
  return {
    name: 'identities',
    resolvers: [
      new IdentityResolver(identities),
      new ExtendUserWithIdentitiesResolver(),
      new IdentityFieldsResolver(),
    ],
    edges: [
      edge({
        coordinate: 'User.identities',
        loader: identitiesByUser,
        keyOf: (user: { readonly id: string }) => user.id,
        childType: 'Identity',
      }),
    ],
    permissions: identityPermissions,
    identities,
  };
}

import { ExtendUserWithIdentitiesResolver } from './extend-user.resolver';
import { identitiesByUser } from './identity.loader';
import { identitiesFold, unfoldIdentities } from './identity.repository';
import { IdentityFieldsResolver } from './identity-fields.resolver';
import { identityPermissions } from './identity.permissions';
import { IdentityResolver } from './identity.resolver';
import { IdentityService } from './identity.service';
import type { IdentityDependencies } from './link-identity';
import { registerUserFold } from '#src/features/users/folds/user-folds';
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
    select: identitiesFold,
    prime: (context, userId, value) =>
      context.load(identitiesByUser).prime(userId, unfoldIdentities(userId, value)),
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

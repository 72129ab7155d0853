import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { PictureSettings } from '#src/features/users/pictures/picture';
import { initialsRoute } from '#src/features/users/pictures/picture.routes';
import { createUserHooks } from './user-hooks';
import { userById } from './user.loader';
import { userPermissions } from './user.permissions';
import { UserFieldsResolver } from './user-fields.resolver';
import { UserResolver } from './user.resolver';
import { UserService } from './user.service';
import type { FeatureParts } from '#src/graphql/feature';

export interface UserServices {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
}

/** User ids are `<strategy>|<id at the provider>`. */
export const isUserId = (id: string): boolean => id.includes('|');

export function startUsers(
  services: UserServices,
  pictures: PictureSettings,
): FeatureParts & {
  readonly users: UserService;
  readonly pictures: PictureSettings;
} {
  const users = new UserService({ ...services, hooks: createUserHooks() });
  return {
    name: 'users',
    resolvers: [new UserResolver(users), new UserFieldsResolver(pictures)],
    entities: [
      {
        type: 'User',
        ownsId: isUserId,
        rootField: 'Query.user',
        load: (id, context) => context.load(userById).load(id),
        loadAll: (ids, context) => context.load(userById).loadAll(ids),
      },
    ],
    permissions: userPermissions,
    routes: [initialsRoute],
    users,
    pictures,
  };
}

import {
  findPermissionsOfApplications,
  type ApplicationPermissionRow,
} from '#src/features/applications/grants/application-permission.repository';
import {
  findSecrets,
  type ApplicationSecretRow,
} from '#src/features/applications/secrets/application-secret.repository';
import { groupBy } from '#src/features/roles/group-by';
import { defineLoader } from '#src/graphql/request-loader';

/** What applications may do by themselves. */
export const permissionsByApplication = defineLoader<string, readonly ApplicationPermissionRow[]>(
  'permissions-by-application',
  async (ids, context) =>
    groupBy(ids, await findPermissionsOfApplications(context.store, ids), (row) => row.applicationId),
);

/** That applications have secrets; never the secrets. */
export const secretsByApplication = defineLoader<string, readonly ApplicationSecretRow[]>(
  'secrets-by-application',
  async (ids, context) => groupBy(ids, await findSecrets(context.store, ids), (row) => row.applicationId),
);

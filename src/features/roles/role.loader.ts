import { neededColumns } from '#src/graphql/needed-columns';
import { defineLoader } from '#src/graphql/request-loader';
import { groupBy } from './group-by';
import {
  findRoles,
  findRolesOfUsers,
  roleFieldColumns,
  type RoleRow,
  type UserRoleRow,
} from './role.repository';

/** The role of an id, or null when there is none within the caller's reach: another organization's own roles are out of it. */
export const roleById = defineLoader<string, RoleRow | null>('role-by-id', async (ids, context) => {
  const rows = await findRoles(context.store, ids);
  const bound = context.principal.organizationId;
  const within = rows.filter(
    (row) => bound === null || row.organizationId === null || row.organizationId === bound,
  );
  const found = new Map(within.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
});

/** The roles that a user holds for the whole deployment; at most 50. */
export const rolesByUser = defineLoader<string, readonly UserRoleRow[]>(
  'roles-by-user',
  async (ids, context) => {
    const rows = await findRolesOfUsers(context.store, ids, neededColumns(context, roleFieldColumns));
    return groupBy(ids, rows, (row) => row.userId);
  },
);

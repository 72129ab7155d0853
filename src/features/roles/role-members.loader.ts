import { reachOf } from '#src/features/users/reach/reach';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { RequestContext } from '#src/graphql/request-context';
import type { Page } from '#src/shared/page';
import { parentPages, type ForwardArguments } from '#src/graphql/parent-pages';
import { countRoleHolders, findRoleHolders, type RoleHolderRow } from './role-members.repository';

const holders = parentPages<RoleHolderRow, null>({
  name: 'Role.users',
  parentOf: (row) => row.roleId,
  keyOf: (row) => [row.userId],
  read: (context, roleIds, { after, limit }) =>
    findRoleHolders(context.store, {
      roleIds,
      limit,
      after: (after?.[0] as string | undefined) ?? null,
      reach: reachOf(context),
    }),
});

/** Users who hold a role for the whole deployment, as far as the caller may know of them. */
export async function usersOfRole(
  context: RequestContext,
  roleId: string,
  page: ForwardArguments,
): Promise<Page<UserRow>> {
  const links = await holders.load(context, roleId, page, null);
  const users = await context.load(userById).loadAll(links.rows.map(({ userId }) => userId));
  return { ...links, rows: users.filter((user) => user !== null), keyOf: (user) => [user.id] };
}

export function countUsersOfRole(context: RequestContext, roleId: string): Promise<number> {
  return countRoleHolders(context.store, roleId, reachOf(context));
}

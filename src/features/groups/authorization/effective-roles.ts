import { findEdgesAbove, type Edge } from '#src/features/groups/nesting/closure.repository';
import { pathsUp } from '#src/features/groups/nesting/cycle-path';
import {
  findRoleGrants,
  type GrantOwner,
  type RoleGrantRow,
} from '#src/features/groups/authorization/role-grants.repository';
import { RoleSourceKind } from '#src/features/organizations/members/effective-role.type';
import { groupBy } from '#src/features/roles/group-by';
import type { RoleRow } from '#src/features/roles/role.repository';
import type { RequestContext } from '#src/graphql/request-context';
import { defineLoader } from '#src/graphql/request-loader';

/** One way to a role. */
export interface RoleSource {
  readonly kind: RoleSourceKind;
  /** From the group that the user is in up to the one that has the role; empty for a direct role. */
  readonly path: readonly string[];
}

export interface EffectiveRole {
  readonly role: RoleRow;
  readonly sources: readonly RoleSource[];
}

/** The roles in force of each owner with all their sources: two statements, however many owners. */
function effectiveRoles(owner: GrantOwner) {
  return defineLoader<string, readonly EffectiveRole[]>(
    `effective-roles-by-${owner}`,
    async (ids, context) => {
      const grants = await findRoleGrants(context.store, owner, ids);
      const members = [...new Set(grants.map((row) => row.memberGroupId).filter((id) => id !== null))];
      const edges = members.length === 0 ? [] : await findEdgesAbove(context.store, members);
      return groupBy(ids, grants, (row) => row.ownerId).map((rows) => foldRoles(rows, edges));
    },
  );
}

const byUser = effectiveRoles('user');
export const effectiveRolesByMembership = effectiveRoles('membership');

export async function effectiveRolesOfUser(
  context: RequestContext,
  userId: string,
  applicationId: string | null,
): Promise<readonly EffectiveRole[]> {
  const roles = await context.load(byUser).load(userId);
  if (applicationId === null) return roles;
  return roles.filter(({ role }) => role.applicationId === null || role.applicationId === applicationId);
}

function foldRoles(rows: readonly RoleGrantRow[], edges: readonly Edge[]): readonly EffectiveRole[] {
  const roles = new Map<string, { role: RoleRow; sources: RoleSource[] }>();
  for (const row of rows) {
    const entry = roles.get(row.id) ?? { role: row, sources: [] };
    entry.sources.push(...sourcesOf(row, edges));
    roles.set(row.id, entry);
  }
  for (const { sources } of roles.values()) sources.sort(byPath);
  return [...roles.values()];
}

function sourcesOf(
  { memberGroupId, holderGroupId }: RoleGrantRow,
  edges: readonly Edge[],
): readonly RoleSource[] {
  if (memberGroupId === null || holderGroupId === null) return [{ kind: RoleSourceKind.DIRECT, path: [] }];
  return pathsUp(edges, memberGroupId, holderGroupId).map((path) => ({ kind: RoleSourceKind.GROUP, path }));
}

function byPath(left: RoleSource, right: RoleSource): number {
  return left.path.join(' ') < right.path.join(' ') ? -1 : 1;
}

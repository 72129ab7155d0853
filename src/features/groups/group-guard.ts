import type { Call } from '#src/access/call';
import type { MemberRoleService } from '#src/features/organizations/members/member-role.service';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import { refuseFreeingOneself, refuseRolesNotHeld } from '#src/features/roles/grant-guard';
import type { Store } from '#src/storage/store';
import { findRolesAbove, type GrantedRoleRow } from '#src/features/groups/roles/group-role.repository';

export interface GuardServices {
  readonly assignments: AssignmentService;
  readonly memberRoles: MemberRoleService;
}

/** What a role is given to: a group of the deployment, or of an organization. */
interface Place {
  readonly organizationId: string | null;
}

/**
 * SECURITY: privilege escalation: whoever puts people into a group, or a group into another, gives them the roles of it and of every
 * group above. That takes holding them all, as giving each of them would.
 */
export async function requireRolesAbove(
  services: GuardServices,
  call: Call,
  store: Store,
  place: Place,
  groupIds: readonly string[],
  field: string,
): Promise<void> {
  if (groupIds.length === 0) return;
  await requireGivable(services, call, store, place, await findRolesAbove(store, groupIds), field);
}

/** The same for roles that a group is to have. */
export async function requireGivable(
  { assignments, memberRoles }: GuardServices,
  call: Call,
  store: Store,
  { organizationId }: Place,
  roles: readonly GrantedRoleRow[],
  field: string,
): Promise<void> {
  const distinct = [...new Map(roles.map((role) => [role.id, role])).values()];
  if (distinct.length === 0) return;
  const ids = distinct.map(({ id }) => id);
  const held =
    organizationId === null
      ? await assignments.heldRoleIds(store, call.principal.userId, ids)
      : await memberRoles.heldRoleIds(call, store, organizationId, ids);
  refuseRolesNotHeld(call, field, distinct, held);
}

/** Refuses the caller to leave, by a change of these groups, a role of theirs or of a group above that a stored rule confines. */
export async function requireStaying(call: Call, store: Store, groupIds: readonly string[]): Promise<void> {
  if (call.principal.userId === null || call.policy.rules.length === 0 || groupIds.length === 0) return;
  refuseFreeingOneself(call, await findRolesAbove(store, groupIds));
}

import type { Call } from '#src/access/call';
import { assertWritable } from '#src/access/write-gate';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { AuditService } from '#src/features/audit/audit.service';
import * as memberRoles from '#src/features/organizations/members/member-role.repository';
import {
  findMembership,
  type MembershipRow,
} from '#src/features/organizations/members/membership.repository';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import { bulkIds, refuseAbove, requireAllKnown } from '#src/features/roles/bulk-ids';
import { refuseFreeingOneself, refuseRolesNotHeld } from '#src/features/roles/grant-guard';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface MemberRoles {
  readonly organizationId: string;
  readonly userId: string;
  readonly roleIds: readonly string[];
}

export interface MemberRoleDependencies {
  readonly audit: AuditService;
  readonly organizations: OrganizationService;
  readonly assignments: AssignmentService;
  readonly limits: OrganizationsConfig;
}

/** The roles that members have within their organization, and nowhere else. */
export class MemberRoleService {
  constructor(private readonly dependencies: MemberRoleDependencies) {}

  add(call: Call, input: MemberRoles): Promise<MembershipRow> {
    return this.change(call, input, 'membership.add_roles', async (store, membership, roleIds) => {
      await this.requireGrantable(call, store, input.organizationId, roleIds, 'roleIds');
      await memberRoles.insertMemberRoles(store, membership.id, roleIds);
      const limit = this.dependencies.limits.maxRolesPerMember;
      const current = await memberRoles.countMemberRoles(store, membership.id);
      refuseAbove(limit, current, `A member may hold at most ${limit} roles.`, 'roleIds');
    });
  }

  remove(call: Call, input: MemberRoles): Promise<MembershipRow> {
    return this.change(call, input, 'membership.remove_roles', async (store, membership, roleIds) => {
      const roles = await memberRoles.findAssignableRoles(store, roleIds, input.organizationId);
      requireAllKnown(
        'roleIds',
        roleIds,
        roles.map(({ id }) => id),
      );
      if (input.userId === call.principal.userId) refuseFreeingOneself(call, roles);
      await memberRoles.deleteMemberRoles(store, membership.id, roleIds);
    });
  }

  /**
   * The ids without repetitions, when each is a role that members of the organization can have and that the caller may give; else the
   * whole list is refused. There are at most as many as one member may hold.
   */
  async requireGrantable(
    call: Call,
    store: Store,
    organizationId: string,
    ids: readonly string[],
    field: string,
  ): Promise<readonly string[]> {
    const roleIds = [...new Set(ids)];
    const limit = this.dependencies.limits.maxRolesPerMember;
    refuseAbove(limit, roleIds.length, `A member may hold at most ${limit} roles.`, field);
    const roles = await memberRoles.findAssignableRoles(store, roleIds, organizationId);
    requireAllKnown(
      field,
      roleIds,
      roles.map(({ id }) => id),
    );
    refuseRolesNotHeld(call, field, roles, await this.heldRoleIds(call, store, organizationId, roleIds));
    return roleIds;
  }

  /** What the caller holds where the caller acts: within the organization, or for the whole deployment. */
  heldRoleIds(
    call: Call,
    store: Store,
    organizationId: string,
    roleIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const { principal } = call;
    return principal.organizationId === organizationId && principal.userId !== null
      ? memberRoles.findHeldMemberRoleIds(store, organizationId, principal.userId, roleIds)
      : this.dependencies.assignments.heldRoleIds(store, principal.userId, roleIds);
  }

  private change(
    call: Call,
    input: MemberRoles,
    action: string,
    work: (store: Store, membership: MembershipRow, roleIds: readonly string[]) => Promise<void>,
  ): Promise<MembershipRow> {
    const roleIds = bulkIds('roleIds', input.roleIds);
    const { audit, organizations } = this.dependencies;
    return call.store.transaction(async (store) => {
      await organizations.requireReachable(call, store, input.organizationId);
      const membership = await findMembership(store, input.organizationId, input.userId);
      if (!membership) throw commonErrors.NOT_FOUND({ message: 'There is no such member.' });
      assertWritable(call, ['organizations.roles'], await objectFactsOf(call, store, input.userId));
      await work(store, membership, roleIds);
      await audit.record(store, call, {
        action,
        targetType: 'Membership',
        targetId: membership.id,
        changedPaths: ['roles'],
        details: { organizationId: input.organizationId, userId: input.userId, roleIds },
      });
      return membership;
    });
  }
}

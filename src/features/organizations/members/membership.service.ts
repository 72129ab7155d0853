import type { Call } from '#src/access/call';
import { assertWritable } from '#src/access/write-gate';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { AuditService } from '#src/features/audit/audit.service';
import * as memberships from '#src/features/organizations/members/membership.repository';
import { findOrganizations, type OrganizationRow } from '#src/features/organizations/organization.repository';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { bulkIds, refuseAbove, requireAllKnown } from '#src/features/roles/bulk-ids';
import { reachOf } from '#src/features/users/reach/reach';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { Store } from '#src/storage/store';

export interface OrganizationMembers {
  /** The organization. */
  readonly id: string;
  readonly userIds: readonly string[];
}

/** Who belongs to an organization. */
export class MembershipService {
  /** What users have inside an organization besides roles, and lose with their membership; later features add theirs. */
  readonly leaving: ((
    store: Store,
    organizationId: string,
    userIds: readonly string[],
    call: Call,
  ) => Promise<void>)[] = [];

  constructor(
    private readonly audit: AuditService,
    private readonly organizations: OrganizationService,
    private readonly limits: OrganizationsConfig,
  ) {}

  /** Makes users members; who is one already stays as it is. A user that does not exist fails the whole call. */
  add(call: Call, input: OrganizationMembers): Promise<OrganizationRow> {
    return this.change(call, input, 'organization.add_members', async (store, userIds) => {
      const known = await memberships.findKnownUserIds(store, userIds, reachOf(call));
      requireAllKnown('userIds', userIds, known);
      const rows = userIds.map((userId) => ({
        id: call.ids.next('mem'),
        organizationId: input.id,
        userId,
        joinedAt: call.clock.now(),
        joinedVia: 'ADMINISTRATOR',
      }));
      const added = await memberships.insertMemberships(store, rows);
      if (added === 0) return;
      await this.refuseTooMany(store, input.id);
    });
  }

  /** Makes a user who was just made a member of the organization that the caller is bound to, inside the transaction of `store`. */
  async addNew(call: Call, store: Store, userId: string): Promise<void> {
    const organizationId = call.principal.organizationId ?? '';
    await this.organizations.requireReachable(call, store, organizationId);
    await memberships.insertMemberships(store, [
      {
        ...{ id: call.ids.next('mem'), organizationId, userId },
        ...{ joinedAt: call.clock.now(), joinedVia: 'ADMINISTRATOR' },
      },
    ]);
    await this.refuseTooMany(store, organizationId);
    await this.audit.record(store, call, {
      action: 'organization.add_members',
      targetType: 'Organization',
      targetId: organizationId,
      changedPaths: ['members'],
      details: { userIds: [userId] },
    });
  }

  private async refuseTooMany(store: Store, organizationId: string): Promise<void> {
    const limit = this.limits.maxMembers;
    const current = await memberships.countMemberships(store, {
      side: 'organizationId',
      key: organizationId,
    });
    refuseAbove(limit, current, `An organization may have at most ${limit} members.`, 'userIds');
  }

  /** The organizations that a sign-in page offers to a user: those joined first. */
  async signInChoices(store: Store, userId: string): Promise<readonly OrganizationRow[]> {
    const slice = { side: 'userId', keys: [userId], bound: null, after: null, reach: null } as const;
    const limit = this.limits.maxSignInChoices;
    const ids = (await memberships.findMemberships(store, { ...slice, limit })).map(
      (row) => row.organizationId,
    );
    const found = new Map((await findOrganizations(store, ids)).map((row) => [row.id, row]));
    return ids.map((id) => found.get(id)).filter((row) => row !== undefined);
  }

  /** Ends memberships with the roles that hang on them; the users stay, and who is no member is passed over. */
  remove(call: Call, input: OrganizationMembers): Promise<OrganizationRow> {
    return this.change(call, input, 'organization.remove_members', async (store, userIds) => {
      await memberships.deleteMemberships(store, input.id, userIds);
      for (const listener of this.leaving) await listener(store, input.id, userIds, call);
    });
  }

  /** One transaction and one audit record. The organization is locked, so that limits hold under concurrency. */
  private change(
    call: Call,
    input: OrganizationMembers,
    action: string,
    work: (store: Store, userIds: readonly string[]) => Promise<void>,
  ): Promise<OrganizationRow> {
    const userIds = bulkIds('userIds', input.userIds);
    return call.store.transaction(async (store) => {
      const organization = await this.organizations.requireReachable(call, store, input.id);
      for (const userId of userIds) {
        assertWritable(call, ['organizations'], await objectFactsOf(call, store, userId));
      }
      await work(store, userIds);
      await this.audit.record(store, call, {
        action,
        targetType: 'Organization',
        targetId: input.id,
        changedPaths: ['members'],
        details: { userIds },
      });
      return organization;
    });
  }
}

import type { Call } from '#src/access/call';
import { actingUser } from '#src/access/principal';
import { assertedNames } from '#src/features/connections/mapping/asserted-names';
import { join, type JoinParts } from '#src/features/organizations/connections/join-on-login';
import {
  findFollowingLinks,
  type LinkKey,
} from '#src/features/organizations/connections/organization-connection.repository';
import { deleteMemberships } from '#src/features/organizations/members/membership.repository';
import type { MembershipService } from '#src/features/organizations/members/membership.service';
import { findWaysIn } from '#src/features/organizations/members/ways-in.repository';
import type { Store } from '#src/storage/store';

/** Has memberships follow what a provider says of somebody's groups; part of the sign-in's own transaction. */
export type FollowGroups = (
  store: Store,
  call: Call,
  userId: string,
  /** Name of the connection. */
  connection: string,
  /** The claim `groups`, as no blacklist stopped it. */
  groups: unknown,
) => Promise<void>;

export interface FollowParts extends JoinParts {
  readonly memberships: Pick<MembershipService, 'leaving'>;
}

/**
 * Where a link has `syncMembership`, whoever the provider names in one of its groups is a member from then on, and who became a member through
 * this connection and is named no more is none. Members who came in another way stay.
 * SECURITY: a provider that says nothing of groups names nobody, so that a claim which is withheld keeps nobody in.
 */
export function createFollowGroups(parts: FollowParts): FollowGroups {
  return async (store, call, userId, connection, groups) => {
    const links = await findFollowingLinks(store, connection);
    if (links.length === 0) return;
    const named = new Set(assertedNames(groups));
    const ids = links.map(({ organizationId }) => organizationId);
    const ways = new Map(
      (await findWaysIn(store, userId, ids)).map((way) => [way.organizationId, way.joinedConnectionId]),
    );
    for (const link of links) {
      const { organizationId, connectionId, membershipGroups } = link;
      const isNamed = membershipGroups.some((name) => named.has(name));
      if (!isNamed && ways.get(organizationId) === connectionId)
        await leave(parts, store, call, userId, link);
      if (!isNamed || ways.has(organizationId)) continue;
      if ((await join(parts, store, call, userId, link)) === null)
        call.logger.warn({ organizationId }, 'a sign-in made no member: the organization is full');
    }
  };
}

async function leave(
  { audit, memberships }: FollowParts,
  store: Store,
  call: Call,
  userId: string,
  { organizationId, connectionId }: LinkKey,
): Promise<void> {
  await deleteMemberships(store, organizationId, [userId]);
  for (const listener of memberships.leaving) await listener(store, organizationId, [userId], call);
  await audit.record(
    store,
    { ...call, principal: actingUser(userId) },
    {
      action: 'organization.leave',
      targetType: 'Organization',
      targetId: organizationId,
      changedPaths: ['members'],
      details: { userIds: [userId], connectionId },
    },
  );
}

import type { Call } from '#src/access/call';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import { profileDataOf } from '#src/features/profiles/logins/record-login';
import type { ProvenUser } from '#src/features/sessions/minting/proven-user';
import type { UserRow } from '#src/features/users/user-row';
import { GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { accountOf } from '#src/features/linking/candidates/find-candidate';
import { recordLink, type LinkedHow } from './link-records';
import type { LinkingParts } from './linking-parts';
import { openPending, type PendingArrival } from './pending-link';
import { findPendingLinkById, usePendingLink } from './pending-link.repository';

/**
 * Everything about the account is proved, and its session is about to be made: what waits becomes its identity, in the same transaction.
 * SECURITY: what was decided some minutes ago is looked at again; LINK_CONFLICT where it does not hold any more, without a reason.
 */
export async function attachPending(
  parts: LinkingParts,
  store: Store,
  call: Call,
  { userId, methods }: ProvenUser,
): Promise<void> {
  const linkId = methods.find(({ link }) => link !== undefined)?.link;
  if (linkId === undefined) return;
  const now = call.clock.now();
  const row = await findPendingLinkById(store, { id: linkId, now });
  if (row?.userId !== userId || !(await usePendingLink(store, row.id, now)))
    throw myAccountErrors.LINK_CONFLICT();
  const arrival = await openPending(parts, store, call, row, userId);
  const user = await stillTheSame(parts, store, call, arrival, row.kind);
  if (user?.id !== userId || user.emailVerified !== true || user.blocked)
    throw myAccountErrors.LINK_CONFLICT();
  await attachArrival(parts, store, call, {
    ...{ user, arrival, how: row.kind === 'FACTOR' ? 'AUTO' : 'PROVEN' },
  });
}

/** The user who has the address now, if the connection still links. */
export async function stillTheSame(
  parts: LinkingParts,
  store: Store,
  call: Call,
  { profile: { connection, sent } }: PendingArrival,
  kind: string,
): Promise<UserRow | null> {
  const { linking } = connection.options;
  const isOn = kind === 'FACTOR' ? linking === 'AUTO_VERIFIED' : linking !== 'OFF';
  if (!connection.isEnabled || !isOn || !sent.email) return null;
  return accountOf(parts, store, call, sent.email);
}

interface Attaching {
  readonly user: UserRow;
  readonly arrival: PendingArrival;
  readonly how: LinkedHow;
}

/** Gives a locked user the identity of somebody who waited. LINK_CONFLICT where somebody else has it by now. */
export async function attachArrival(
  parts: LinkingParts,
  store: Store,
  call: Call,
  { user, arrival, how }: Attaching,
): Promise<void> {
  const { profile, providerUserId, signIn } = arrival;
  const { connection } = profile;
  const known = await parts.identities.find(store, connection.name, [providerUserId]);
  // Two prompts of one person, both answered.
  if (known?.userId === user.id) return;
  const newcomer = { connection, providerUserId, profileData: profileDataOf(profile, null) };
  const identity = await parts.identities.attach(store, call, user.id, newcomer).catch((error: unknown) => {
    if (error instanceof GatehouseError && error.code === 'CONFLICT') throw myAccountErrors.LINK_CONFLICT();
    throw error;
  });
  await parts.logins.tellSignedIn(store, call, user.id, connection.name, {
    ...{ attributes: profile.claims.attributes, applicationId: signIn.clientId },
  });
  await recordLink(parts, store, call, { user, identity, how });
}

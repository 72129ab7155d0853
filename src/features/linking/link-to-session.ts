import type { Call } from '#src/access/call';
import { actingFor } from '#src/features/accounts/account-parts';
import { linkProven, type LinkOutcome } from '#src/features/my-account/linking/link-account';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import { profileDataOf, type Login } from '#src/features/profiles/logins/record-login';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { commonErrors } from '#src/shared/errors';
import { recordLink } from './link-records';
import type { LinkingParts } from './linking-parts';

/**
 * Makes the account that somebody has just signed in to at a provider an identity of the user whose session sent them there. SECURITY: the
 * session is looked at again, in the transaction that links: one that ended meanwhile links nothing. An account that belongs to somebody
 * else is LINK_CONFLICT, whoever that is; one that is a user of its own is asked for its second factor, if it has one.
 */
export async function linkToSession(
  parts: LinkingParts,
  call: Call,
  login: Login,
  sessionId: string,
): Promise<LinkOutcome> {
  const { users, identities, sessions, logins, config } = parts;
  const done = await call.store.transaction(async (store) => {
    const userId = await sessions.holderOf(store, call, sessionId);
    if (userId === null)
      throw myAccountErrors.LINK_CONFLICT({ message: 'You were signed out. Sign in, then link again.' });
    const acting = actingFor(call, sessionId, store);
    const user = await users.requireReachable(acting, store, userId);
    const arrival = await logins.arrival(store, acting, login);
    const { connection, providerUserId, identity: known } = arrival;
    if (connection.options.linking === 'OFF' || known?.userId === userId)
      throw myAccountErrors.LINK_CONFLICT();
    if (known !== null) {
      const pending = { userId: known.userId, fillsMetadata: false };
      const challenged = { ...parts, ring: parts.challengeRing };
      const request = { userId, pending, binding: sessionId };
      return { userId, outcome: await linkProven(challenged, store, acting, request) };
    }
    const limit = config.myAccount.maxIdentities;
    const current = (await identities.list(store, userId)).length;
    if (current >= limit) {
      throw commonErrors.LIMIT_EXCEEDED({
        message: `An account has at most ${limit} identities.`,
        extensions: { limit, current },
      });
    }
    const { organizations } = await objectFactsOf(acting, store, userId);
    const profileData = profileDataOf(arrival.profileFor(organizations), null);
    const identity = await identities.attach(store, acting, userId, {
      ...{ connection, providerUserId, profileData },
    });
    await recordLink(parts, store, acting, { user, identity, how: 'SESSION' });
    const linkedUserId = `${connection.strategy}|${providerUserId}`;
    return { userId, outcome: { kind: 'LINKED', linkedUserId } as const };
  });
  users.announce(done.userId);
  return done.outcome;
}

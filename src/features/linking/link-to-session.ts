import type { Call } from '#src/access/call';
import { actingFor } from '#src/features/accounts/account-parts';
import {
  linkProven,
  requireProvenAddress,
  type LinkOutcome,
} from '#src/features/my-account/linking/link-account';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import { profileDataOf, type Login } from '#src/features/profiles/logins/record-login';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { recordLink } from './link-records';
import type { LinkingParts } from './linking-parts';

/** Whom an account at a provider is to belong to. */
export interface LinkTarget {
  readonly userId: string;
  /** The session that goes on, where the other account has a second factor. */
  readonly binding: string;
}

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
  const done = await call.store.transaction(async (store) => {
    const userId = await parts.sessions.holderOf(store, call, sessionId);
    if (userId === null)
      throw myAccountErrors.LINK_CONFLICT({ message: 'You were signed out. Sign in, then link again.' });
    const acting = actingFor(call, sessionId, store);
    const target = { userId, binding: sessionId };
    return { userId, outcome: await linkLogin(parts, store, acting, login, target) };
  });
  parts.users.announce(done.userId);
  return done.outcome;
}

/** The same for the caller. `first` runs in the same transaction, before anything else. */
export async function linkToCaller(
  parts: LinkingParts,
  call: Call,
  login: Login,
  target: LinkTarget,
  first: (store: Store) => Promise<void>,
): Promise<LinkOutcome> {
  const outcome = await call.store.transaction(async (store) => {
    await first(store);
    return linkLogin(parts, store, { ...call, store }, login, target);
  });
  parts.users.announce(target.userId);
  return outcome;
}

async function linkLogin(
  parts: LinkingParts,
  store: Store,
  call: Call,
  login: Login,
  { userId, binding }: LinkTarget,
): Promise<LinkOutcome> {
  const { users, identities, logins, config } = parts;
  const user = await users.requireReachable(call, store, userId);
  requireProvenAddress(user);
  const arrival = await logins.arrival(store, call, login);
  const { connection, providerUserId, identity: known } = arrival;
  if (connection.options.linking === 'OFF' || known?.userId === userId) throw myAccountErrors.LINK_CONFLICT();
  if (known !== null) {
    const pending = { userId: known.userId, fillsMetadata: false };
    const challenged = { ...parts, ring: parts.challengeRing };
    return linkProven(challenged, store, call, { userId, pending, binding });
  }
  const limit = config.myAccount.maxIdentities;
  const current = (await identities.list(store, userId)).length;
  if (current >= limit) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `An account has at most ${limit} identities.`,
      extensions: { limit, current },
    });
  }
  const { organizations } = await objectFactsOf(call, store, userId);
  const profileData = profileDataOf(arrival.profileFor(organizations), null);
  const identity = await identities.attach(store, call, userId, {
    ...{ connection, providerUserId, profileData },
  });
  await recordLink(parts, store, call, { user, identity, how: 'SESSION' });
  return { kind: 'LINKED', linkedUserId: `${connection.strategy}|${providerUserId}` };
}

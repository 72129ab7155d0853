import type { Call } from '#src/access/call';
import { strategyKind } from '#src/features/connections/strategy';
import { secondFactorTypes } from '#src/features/factors/factor-kind';
import { isOwnPermission } from '#src/access/principal';
import { heldAnywhere } from '#src/features/organizations/effective-permissions/account-standing';
import { hasAnyOf } from '#src/features/factors/step-up/require-step-up';
import type { LinkingParts } from '#src/features/linking/linking-parts';
import type { Claims } from '#src/features/connections/mapping/map-claims';
import type { LoginProfile } from '#src/features/users/changes/store-login';
import type { UserRow } from '#src/features/users/user-row';
import type { Store } from '#src/storage/store';
import { linkDecision, type LinkDecision } from './link-decision';
import { addressKey, mailDomain, trustedAddress } from './trusted-address';

export interface FoundCandidate {
  /** Locked until the end of the transaction. */
  readonly user: UserRow;
  readonly decision: Exclude<LinkDecision, 'SEPARATE'>;
}

/** The user to whom a new identity may belong, and what that takes; null: to nobody. Inside the transaction of `store`. */
export async function findCandidate(
  parts: LinkingParts,
  store: Store,
  call: Call,
  profile: LoginProfile,
  claims: Claims,
): Promise<FoundCandidate | null> {
  const { connection } = profile;
  const { linking } = connection.options;
  const { email } = profile.sent;
  if (linking === 'OFF' || email === null || email === undefined) return null;
  const owner = { connectionId: await parts.domains.ownerOf(store, mailDomain(email)) };
  const address = trustedAddress(profile, claims, owner);
  const user = address === null ? null : await accountOf(parts, store, call, address);
  if (user === null) return null;
  const own = await parts.identities.list(store, user.id);
  if (own.length >= parts.config.myAccount.maxIdentities) return null;
  const primary = own.find(({ position }) => position === 0);
  const decision = linkDecision(
    linking,
    {
      isVerified: user.emailVerified === true,
      isBlocked: user.blocked,
      isLocal: strategyKind(primary?.provider ?? '') === 'DATABASE',
      hasSecondFactor: hasAnyOf(await parts.methods.list(store, user.id), secondFactorTypes),
      isKnownThere: own.some((identity) => identity.connection === connection.name),
      hasRights: [...(await heldAnywhere(store, user.id))].some((name) => !isOwnPermission(name)),
    },
    parts.mail.canDeliver,
  );
  return decision === 'SEPARATE' ? null : { user, decision };
}

/** The one user of an address, locked; null where nobody or more than one has it, also in another spelling. */
export async function accountOf(
  { users }: Pick<LinkingParts, 'users'>,
  store: Store,
  call: Call,
  address: string,
): Promise<UserRow | null> {
  const user = await users.lockSoleOfAddress(call, store, address.trim());
  return user !== null && addressKey(user.email ?? '') === addressKey(address) ? user : null;
}

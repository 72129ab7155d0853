import type { Call } from '#src/access/call';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import type { AccountParts } from './account-parts';

/** By what somebody could sign in to an account at some moment. */
export interface WaysIn {
  /** Ids of identities and of authentication methods. */
  readonly identities: readonly string[];
  readonly methods: readonly string[];
  readonly passwordChangedAt: Instant | null;
}

type WaysInParts = Pick<AccountParts, 'identities' | 'methods' | 'passwords' | 'users'>;

/** The ways into an account as they are, to be compared later. Inside the transaction of `store`. */
export async function waysInto(
  { identities, methods, users }: WaysInParts,
  store: Store,
  call: Call,
  userId: string,
): Promise<WaysIn> {
  const { lastPasswordReset } = await users.requireReachable(call, store, userId);
  return {
    identities: (await identities.list(store, userId)).map(({ id }) => id),
    methods: (await methods.list(store, userId)).map(({ id }) => id),
    passwordChangedAt: lastPasswordReset,
  };
}

/**
 * Closes the ways into an account that were opened since. SECURITY: whoever had taken an account over by changing its address has enrolled
 * a passkey, linked an account or chosen a password meanwhile, and the mails about it went to the new address. Whoever calls it ends the
 * sessions. Inside the transaction of `store`.
 */
export async function closeNewWaysInto(
  { identities, methods, passwords, users }: WaysInParts,
  store: Store,
  call: Call,
  userId: string,
  before: WaysIn,
): Promise<void> {
  const user = await users.requireReachable(call, store, userId);
  await identities.removeLinked(store, userId, before.identities);
  await methods.clear(store, call, user, before.methods);
  if (user.lastPasswordReset !== before.passwordChangedAt)
    await passwords.forgetAll(store, call, userId, null);
}

import type { Call } from '#src/access/call';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import {
  findConnection,
  findLinks,
} from '#src/features/organizations/connections/organization-connection.repository';
import {
  hasIdentityIn,
  markEmailVerified,
} from '#src/features/organizations/invitations/invited-account.repository';
import type { InvitationRow } from '#src/features/organizations/invitations/invitation.repository';
import { foreignKeys } from '#src/features/users/changes/update-user';
import { foldOptional } from '#src/features/users/fold-text';
import type { UserRow } from '#src/features/users/user-row';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';

/** A new account of the invited address. */
export interface SignUp {
  readonly password: string;
  readonly username?: string | null;
  readonly name?: string | null;
  readonly givenName?: string | null;
  readonly familyName?: string | null;
}

export interface AccountParts {
  readonly users: UserService;
  readonly connections: ConnectionService;
}

export interface FreshAccount {
  readonly account: Omit<SignUp, 'password'>;
  readonly connection: string;
  readonly passwordHash: string;
}

/** Checks a new account and hashes its password. Refuses when the address has an account already or cannot get one here. */
export async function newPassword(
  { users, connections }: AccountParts,
  call: Call,
  invitation: InvitationRow,
  signUp: SignUp | null | undefined,
): Promise<FreshAccount> {
  const connection = await connectionForSignUp(call, invitation);
  if (connection === null) throw signInFirst('Sign in with the invited e-mail address, then accept.');
  const same = await users.findByEmail(call, { email: invitation.email, caseSensitive: false });
  if (same.some((user) => user.connection === connection)) {
    throw signInFirst('The invited e-mail address has an account. Sign in with it, then accept.');
  }
  if (!signUp)
    throw signInFirst('Sign in with the invited e-mail address, or choose a password in "signUp".');
  const { password, ...account } = signUp;
  const { passwords } = users.hooks;
  if (passwords === null) throw signInFirst('Sign in with the invited e-mail address, then accept.');
  const owner = await connections.byName(call.store, connection);
  const profile = { ...account, email: invitation.email };
  const { organizationId } = invitation;
  const about = owner === null ? undefined : { connection: owner, profile, organizationId };
  return { account, connection, passwordHash: await passwords.hash(call, password, about) };
}

/** The database connection that new accounts of the organization belong to; null when there is none. */
async function connectionForSignUp(
  { store }: Call,
  { connectionId, organizationId }: InvitationRow,
): Promise<string | null> {
  const isDatabase = ({ strategy }: { readonly strategy: string }): boolean =>
    strategyKind(strategy) === 'DATABASE';
  if (connectionId !== null) {
    const connection = await findConnection(store, connectionId);
    return connection !== null && connection.isEnabled && isDatabase(connection) ? connection.name : null;
  }
  const links = await findLinks(store, organizationId);
  if (links.length === 0) return 'main';
  const usable = links.filter((link) => link.isEnabled && link.isConnectionEnabled);
  return usable.find(isDatabase)?.connectionName ?? null;
}

/** Creates the invited person's user. Its address is verified, for the ticket was sent there. */
export async function signUp(
  { users }: AccountParts,
  call: Call,
  { email, userMetadata, appMetadata }: InvitationRow,
  { account, connection, passwordHash }: FreshAccount,
): Promise<UserRow> {
  const user = await users.create(call, {
    connection,
    email,
    emailVerified: true,
    username: account.username ?? null,
    name: account.name ?? null,
    givenName: account.givenName ?? null,
    familyName: account.familyName ?? null,
    userMetadata,
    appMetadata,
  });
  await users.hooks.passwords?.save(call.store, call, user.id, passwordHash);
  return user;
}

/** The signed-in caller, when the invitation is for this person. */
export async function joiningUser(
  { users }: AccountParts,
  call: Call,
  userId: string,
  invitation: InvitationRow,
): Promise<UserRow> {
  const user = await users.requireReachable(call, call.store, userId);
  // SECURITY: a ticket that fell into other hands; only the account of the invited address can use it.
  if (foldOptional(user.email) !== invitation.emailFolded) {
    throw commonErrors.FORBIDDEN({
      message: 'This invitation is for another e-mail address. Sign in with that one.',
    });
  }
  if (invitation.connectionId === null) return user;
  if (await hasIdentityIn(call.store, userId, invitation.connectionId)) return user;
  throw commonErrors.FORBIDDEN({
    message: 'This invitation asks for another way to sign in.',
    extensions: { connectionId: invitation.connectionId },
  });
}

/** Marks the address as verified, also where its identity provider owns the attribute. */
export async function markVerified(
  { users, connections }: AccountParts,
  call: Call,
  user: UserRow,
): Promise<void> {
  if (user.emailVerified === true) return;
  const connection = await connections.require(call.store, user.connection);
  if (!foreignKeys(connection).includes('emailVerified')) {
    await users.update(call, { id: user.id, emailVerified: true });
    return;
  }
  await markEmailVerified(call.store, user, call.clock.now());
}

function signInFirst(message: string): Error {
  return commonErrors.UNAUTHENTICATED({ message, extensions: { reason: 'SIGN_IN_OR_SIGN_UP' } });
}

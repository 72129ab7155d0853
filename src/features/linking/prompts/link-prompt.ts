import type { Call } from '#src/access/call';
import { proofNames } from '#src/features/sessions/sign-in/proof-names';
import { maskedAddress } from '#src/features/factors/enrollments/enrollment';
import type { LinkingParts } from '#src/features/linking/linking-parts';
import { openPending, requirePending, type PendingArrival } from '#src/features/linking/pending-link';
import type { PendingLinkRow } from '#src/features/linking/pending-link.repository';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import type { UserRow } from '#src/features/users/user-row';
import type { Instant } from '#src/shared/clock';

/** What somebody who waits is asked. */
export interface LinkPrompt {
  readonly linkToken: string;
  readonly kind: 'PROVE' | 'RECLAIM';
  /** Name of the connection that they come from. */
  readonly connection: string;
  readonly maskedEmail: string;
  /** What proves the account: `pwd`, `webauthn`, `email_otp`. */
  readonly proofs: readonly string[];
  readonly expiresAt: Instant;
}

/** Somebody who waits, with the account that has the address. */
export interface Waiting {
  readonly row: PendingLinkRow;
  readonly arrival: PendingArrival;
  readonly user: UserRow;
}

/** Who waits under a token. LINK_TOKEN_INVALID; LINK_CONFLICT where the account has gone or was blocked. */
export async function requireWaiting(parts: LinkingParts, call: Call, token: string): Promise<Waiting> {
  const row = await requirePending(call.store, call.clock.now(), token);
  const arrival = await openPending(parts, call.store, call, row, row.userId);
  const user = await call.store.transaction((store) => parts.users.lockReachable(call, store, row.userId));
  if (user === null || user.blocked) throw myAccountErrors.LINK_CONFLICT();
  return { row, arrival, user };
}

export async function describePrompt(
  parts: LinkingParts,
  call: Call,
  linkToken: string,
): Promise<LinkPrompt> {
  const { row, arrival, user } = await requireWaiting(parts, call, linkToken);
  const kind = row.kind === 'RECLAIM' ? 'RECLAIM' : 'PROVE';
  return {
    ...{ linkToken, kind, connection: arrival.profile.connection.name, expiresAt: row.expiresAt },
    maskedEmail: maskedAddress(user.email ?? ''),
    proofs: kind === 'RECLAIM' ? [proofNames.EMAIL] : await proofsOf(parts, call, user),
  };
}

/** SECURITY: told to nobody but the owner of the mailbox, for whom a provider that is believed has vouched. */
async function proofsOf({ mail, methods }: LinkingParts, { store }: Call, user: UserRow): Promise<string[]> {
  const enrolled = await methods.list(store, user.id);
  const hasPasskey = enrolled.some(({ type, isConfirmed }) => type === 'PASSKEY' && isConfirmed);
  return [
    ...((await methods.hasPassword(store, user.id)) ? [proofNames.PASSWORD] : []),
    ...(hasPasskey ? [proofNames.PASSKEY] : []),
    ...(mail.canDeliver ? [proofNames.EMAIL] : []),
  ];
}

/** What proofs for it are bound to. */
export function linkBinding({ id }: Pick<PendingLinkRow, 'id'>): string {
  return `pending link ${id}`;
}

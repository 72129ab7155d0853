import { readUserState } from '#src/features/sessions/sign-in/credential.repository';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import type { TokenIssuer } from './access-token';
import { findTokenContext } from './token-context.repository';

/** An access token that an operator asks for. */
export interface TokenRequest {
  /** Whom the token speaks for; absent: a machine of the name `clientId`. */
  readonly userId?: string;
  readonly clientId: string;
  /** At most these, cut at each request to what the user holds; exactly these for a machine, which must name them. */
  readonly permissions: readonly string[] | 'all';
  readonly roles: readonly string[] | 'all';
  readonly organizationId?: string;
  readonly lifetimeSeconds: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: number;
}

/**
 * Signs a token. Refuses, with VALIDATION_FAILED and the field, an unknown or blocked user, an unknown organization and a user who is
 * not its member.
 */
export async function issueToken(
  issuer: TokenIssuer,
  store: Store,
  { userId, organizationId, ...grant }: TokenRequest,
): Promise<IssuedToken> {
  const organization = organizationId === undefined ? {} : { organizationId };
  if (organizationId !== undefined) await requireContext(store, organizationId, userId);
  if (userId === undefined) return issuer.issue({ ...grant, ...organization, subject: grant.clientId });
  const user = await readUserState(store, userId);
  if (user === null) throw refused('userId', 'There is no such user.');
  if (user.blocked) throw refused('userId', 'This user is blocked.');
  return issuer.issue({
    ...grant,
    ...organization,
    subject: userId,
    credentialEpoch: user.credentialEpoch,
  });
}

async function requireContext(store: Store, organizationId: string, userId?: string): Promise<void> {
  const context = await findTokenContext(store, organizationId, userId ?? null);
  if (context === null) throw refused('organizationId', 'There is no such organization.');
  if (userId !== undefined && !context.isMember)
    throw refused('organizationId', 'This user is not a member of the organization.');
}

function refused(field: string, message: string): GatehouseError {
  return commonErrors.VALIDATION_FAILED({ message, extensions: { field } });
}

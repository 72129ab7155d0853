import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import type { TokenGrant, TokenIssuer } from './access-token';
import { findTokenContext } from './token-context.repository';

/**
 * Signs a token for an operator. A user's token gets the user's present credential epoch, so that it ends with the next security
 * event. Refuses, with VALIDATION_FAILED and the field, an unknown or blocked user, an unknown organization and a user who is not its
 * member.
 */
export async function issueToken(
  issuer: TokenIssuer,
  store: Store,
  grant: TokenGrant,
  { nameInTokens }: { readonly nameInTokens: boolean },
): ReturnType<TokenIssuer['issue']> {
  const { subject, clientId, organizationId } = grant;
  const userId = subject === clientId ? null : subject;
  const user = userId === null ? null : await readUserState(store, userId);
  if (userId !== null && user === null) throw refused('userId', 'There is no such user.');
  if (user?.blocked === true) throw refused('userId', 'This user is blocked.');
  const name = organizationId === undefined ? null : await requireContext(store, organizationId, userId);
  return issuer.issue({
    ...grant,
    ...(nameInTokens && name !== null && { organizationName: name }),
    ...(user !== null && { credentialEpoch: user.credentialEpoch }),
  });
}

/** Answers the organization's name. */
async function requireContext(store: Store, organizationId: string, userId: string | null): Promise<string> {
  const context = await findTokenContext(store, organizationId, userId);
  if (context === null) throw refused('organizationId', 'There is no such organization.');
  if (userId !== null && !context.isMember)
    throw refused('organizationId', 'This user is not a member of the organization.');
  return context.name;
}

function refused(field: string, message: string): GatehouseError {
  return commonErrors.VALIDATION_FAILED({ message, extensions: { field } });
}

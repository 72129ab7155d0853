import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import { bindingOf } from '#src/features/factors/enrollments/enrollment';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import type { LinkOutcome } from '#src/features/my-account/linking/link-account';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import { keepTokensOf } from '#src/features/providers/login/keep-from-provider';
import { answersChallenge } from '#src/shared/code-challenge';
import { hashSecret, isSameSecretHash } from '#src/shared/secret-hash';
import {
  consumeAccountConnection,
  findByAuthSession,
  type AccountConnectionRow,
} from './account-connection.repository';
import type { KeptLogin } from './open-connecting';
import type { ConnectingParts } from './start-connecting';

export interface CompleteConnecting {
  readonly authSession: string;
  readonly connectCode: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

/**
 * Makes the account that the person has signed in to at the provider an identity of the caller. LINK_CONFLICT, without a reason, unless the
 * caller began it in this session, and code, address and verifier belong to it: then nothing is used up.
 */
export async function completeConnecting(
  parts: ConnectingParts,
  call: Call,
  given: CompleteConnecting,
): Promise<LinkOutcome> {
  const userId = requireUserId(call);
  await requireStepUp(parts.factors, call.store, call, userId);
  const now = call.clock.now();
  const which = { authSessionHash: hashSecret(given.authSession), now };
  const row = await findByAuthSession(call.store, which);
  if (row === null || row.sealedLogin === null || !belongsTo(row, call, userId, given)) throw notUnderWay();
  const { login, tokens } = JSON.parse(openText(parts.ring(), row.id, row.sealedLogin)) as KeptLogin;
  const target = { userId, binding: bindingOf(call) };
  const outcome = await parts.linking.linkToCaller(call, login, target, async (store) => {
    // SECURITY: a code redeemed twice in parallel; the row is used up before anything is linked.
    if (!(await consumeAccountConnection(store, row.id, now))) throw notUnderWay();
  });
  const connection = await parts.connections.stored(call.store, login.connection);
  if (outcome.kind === 'LINKED' && tokens !== null && connection?.options['store_tokens'] === true) {
    await call.store.transaction((store) =>
      keepTokensOf(parts, store, call, { userId, connection, claims: login.claims, tokens }),
    );
  }
  return outcome;
}

/** SECURITY: a code that was stolen, or put into the address of somebody else's application, fits in the session that began and there alone. */
function belongsTo(
  row: AccountConnectionRow,
  call: Call,
  userId: string,
  { connectCode, redirectUri, codeVerifier }: CompleteConnecting,
): boolean {
  return (
    row.userId === userId &&
    row.binding === bindingOf(call) &&
    row.codeHash !== null &&
    isSameSecretHash(row.codeHash, hashSecret(connectCode)) &&
    row.codeExpiresAt !== null &&
    row.codeExpiresAt > call.clock.now() &&
    row.redirectUri === redirectUri &&
    answersChallenge(codeVerifier, row.challenge)
  );
}

function notUnderWay(): Error {
  return myAccountErrors.LINK_CONFLICT({ message: 'There is no such link under way. Begin anew.' });
}

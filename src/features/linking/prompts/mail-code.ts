import type { Call } from '#src/access/call';
import { attemptChallenge, beginChallenge, endChallenge } from '#src/features/factors/challenges/challenges';
import { maskedAddress } from '#src/features/factors/enrollments/enrollment';
import { codeLifetimeMs, isSameCode, newOneTimeCode } from '#src/features/factors/enrollments/one-time-codes';
import { refuseMailFlood } from '#src/features/factors/enrollments/start-enrollment';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import type { LinkingParts } from '#src/features/linking/linking-parts';
import { linkCode } from '#src/features/mail/templates/link-code';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { UserRow } from '#src/features/users/user-row';
import { linkBinding, type Waiting } from './link-prompt';
import { settleAttempt } from '#src/features/attack-protection/settle-attempt';

export interface CodeAnswer {
  readonly challenge: string;
  readonly code: string;
}

/** Mails six digits to the address of the account; five times in ten minutes at most. */
export async function mailLinkCode(
  { mail, challengeRing }: LinkingParts,
  call: Call,
  { row, user }: Waiting,
): Promise<StartedProof> {
  const to = user.email ?? '';
  const code = newOneTimeCode(call.ids);
  const { secret: challenge, expiresAt } = await call.store.transaction(async (store) => {
    await refuseMailFlood({ store, call, user });
    const variables = { code, minutes: codeLifetimeMs / 60_000, isReclaim: row.kind === 'RECLAIM' };
    await mail.send(store, call, {
      ...{ to, template: linkCode, variables, expiresAt: call.clock.now() + codeLifetimeMs },
    });
    return beginChallenge(challengeRing, store, call, {
      ...{ purpose: 'link-prompt', type: 'EMAIL', userId: user.id, methodId: null },
      ...{ binding: linkBinding(row), state: code, lifetimeMs: codeLifetimeMs },
    });
  });
  return { type: 'EMAIL', challenge, expiresAt, sentTo: maskedAddress(to) };
}

/** Uses the digits up. INVALID_CREDENTIALS when they are wrong, old, or were tried five times; TOO_MANY_ATTEMPTS as for every code. */
export async function takeLinkCode(
  { attackProtection, challengeRing }: LinkingParts,
  call: Call,
  { row, user }: { readonly row: Waiting['row']; readonly user: Pick<UserRow, 'id'> },
  { challenge: secret, code }: CodeAnswer,
): Promise<void> {
  const attempt = await attackProtection.beginCode(call, user.id);
  const asked = { secret, purpose: 'link-prompt', userId: user.id, binding: linkBinding(row) } as const;
  await settleAttempt(
    attempt,
    async () => {
      const open = await call.store.transaction((store) =>
        attemptChallenge(challengeRing, store, call, asked),
      );
      if (open === null || !isSameCode(open.state ?? '', code)) return false;
      return call.store.transaction((store) => endChallenge(store, open));
    },
    () => sessionErrors.INVALID_CREDENTIALS({ message: 'The code is not right, or was used already.' }),
  );
}

import type { Call } from '#src/access/call';
import type { GuessCounter } from '#src/features/factors/proofs/guess-counter';
import type { EnrollmentParts } from '#src/features/factors/enrollments/enrollment';
import type { FactorTypeName } from '#src/features/factors/factor-kind';
import { proofNames } from '#src/features/sessions/sign-in/proof-names';
import { prepareProof, takeProof } from '#src/features/factors/proofs/check-proof';
import type { ProofInput, Proved } from '#src/features/factors/proofs/proof';
import { startProof, type StartedProof } from '#src/features/factors/proofs/start-proof';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import { settleAttempt } from '#src/features/attack-protection/settle-attempt';

export interface ProofParts extends EnrollmentParts {
  /** Counts wrong codes of a user, wherever they come from: five in five minutes, then none for fifteen. */
  readonly attackProtection: Pick<GuessCounter, 'beginCode'>;
}

/** Whose proof it is, and what for. */
export interface ProofOf {
  readonly userId: string;
  readonly binding: string;
}

/** Checks second factors, for sign-ins and step-ups alike. */
export class ProofService {
  constructor(private readonly parts: ProofParts) {}

  /** Makes what a proof by passkey or e-mail needs; NOT_FOUND where the user has no such method. */
  start(call: Call, { userId, binding }: ProofOf, type: 'PASSKEY' | 'EMAIL'): Promise<StartedProof> {
    return call.store.transaction(async (store) => {
      const user = await this.parts.users.requireReachable(call, store, userId);
      return startProof(this.parts, store, call, user, { type, binding });
    });
  }

  /** Uses a proof up. INVALID_CREDENTIALS when it does not hold, TOO_MANY_ATTEMPTS after five that did not. */
  async take(call: Call, { userId, binding }: ProofOf, input: ProofInput): Promise<Proved> {
    // SECURITY: guessing six digits; every try counts for the user before it is looked at, in whatever sign-in it is made.
    const attempt = await this.parts.attackProtection.beginCode(call, userId);
    const message = 'The code or the passkey is not right, or was used already.';
    return settleAttempt(
      attempt,
      () => this.check(call, { userId, binding }, input),
      () => sessionErrors.INVALID_CREDENTIALS({ message }),
    );
  }

  private async check(call: Call, { userId, binding }: ProofOf, input: ProofInput): Promise<Proved | null> {
    const prepared = await prepareProof(this.parts, call.store, userId, input);
    return call.store.transaction(async (store) => {
      const user = await this.parts.users.requireReachable(call, store, userId);
      return takeProof(this.parts, store, call, { user, binding }, prepared);
    });
  }
}

/** A proof as a session keeps it. */
export function provenMethod(proved: {
  readonly type: string;
  readonly isUserVerified?: boolean;
}): Omit<ProvenMethod, 'timestamp'> {
  return {
    name: proofNames[proved.type as FactorTypeName],
    connection: null,
    ...(proved.isUserVerified === true ? { isMultiFactor: true as const } : {}),
  };
}

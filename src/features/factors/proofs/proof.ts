import type { StoredFactorType } from '#src/features/factors/factor-kind';

/** What somebody gives as a proof: exactly one member. */
export interface ProofInput {
  /** What an authenticator app shows. */
  readonly otpCode?: string | null;
  readonly recoveryCode?: string | null;
  readonly emailCode?: { readonly challenge: string; readonly code: string } | null;
  readonly passkey?: { readonly challenge: string; readonly response: unknown } | null;
}

/** A proof that held. */
export interface Proved {
  readonly type: StoredFactorType;
  readonly methodId: string;
  /** Whether the person proved to be the owner of the authenticator: then it counts as two factors. */
  readonly isUserVerified: boolean;
}

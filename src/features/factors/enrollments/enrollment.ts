import type { Call } from '#src/access/call';
import type { RelyingParty } from '#src/features/factors/passkeys/relying-party';
import type { Ring } from '#src/features/factors/challenges/challenges';
import type { StoredFactorType } from '#src/features/factors/factor-kind';
import type { MethodRow } from '#src/features/factors/methods/authentication-method.repository';
import type { MethodParts } from '#src/features/factors/methods/method-changes';
import type { HashingQueue } from '#src/features/factors/recovery-codes/recovery-codes';
import type { MailService } from '#src/features/mail/mail.service';
import type { Instant } from '#src/shared/clock';
import type { FactorsConfig } from '#src/config/factors';

export interface EnrollmentParts extends MethodParts {
  readonly config: FactorsConfig;
  readonly ring: Ring;
  readonly hashing: HashingQueue;
  readonly relyingParty: RelyingParty;
  readonly mail: Pick<MailService, 'notify' | 'send'>;
}

/** An enrolment that waits for its proof. */
export interface StartedEnrollment {
  readonly type: StoredFactorType;
  /** Names the enrolment when it is verified; told once. */
  readonly authSession: string;
  readonly expiresAt: Instant;
  /** Null for a passkey, which has no id before it exists. */
  readonly methodId: string | null;
  /** TOTP: the address for the app, the same as a QR code, and the seed to type. */
  readonly uri?: string;
  readonly qrCode?: string;
  readonly manualInputCode?: string;
  /** PASSKEY: for `navigator.credentials.create`. */
  readonly options?: object;
  /** EMAIL: where the code went, masked. */
  readonly sentTo?: string;
  /** RECOVERY_CODE: the codes; no later answer holds them. */
  readonly codes?: readonly string[];
}

export type VerifiedEnrollment =
  | { readonly outcome: 'VERIFIED'; readonly method: MethodRow }
  | { readonly outcome: 'WRONG'; readonly attemptsLeft: number }
  | { readonly outcome: 'EXPIRED' };

/** What an enrolment is bound to: the session of the caller, or the caller where a token came from none. */
export function bindingOf({ principal }: Pick<Call, 'principal'>): string {
  return principal.sessionId ?? `subject ${principal.subject}`;
}

/** Enough of an address to recognise it. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}…${address.slice(at)}`;
}

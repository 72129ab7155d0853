import type { Call } from '#src/access/call';
import { rememberDevice, type DeviceSettings } from '#src/features/factors/devices/remembered-devices';
import { type EnrollmentParts, type StartedEnrollment } from '#src/features/factors/enrollments/enrollment';
import { startEnrollment } from '#src/features/factors/enrollments/start-enrollment';
import { verifyEnrollment, type EnrollmentAnswer } from '#src/features/factors/enrollments/verify-enrollment';
import { secondFactorTypes, type StoredFactorType } from '#src/features/factors/factor-kind';
import { findMethods } from '#src/features/factors/methods/authentication-method.repository';
import type { ProofInput } from '#src/features/factors/proofs/proof';
import { provenMethod, type ProofOf, type ProofService } from '#src/features/factors/proofs/proof.service';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import { hasAnyOf } from '#src/features/factors/step-up/require-step-up';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { SessionService, SignedInOutcome } from '#src/features/sessions/session.service';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { badInput } from '#src/features/roles/checked-text';
import { commonErrors } from '#src/shared/errors';
import { hashSecret } from '#src/shared/secret-hash';

export interface MfaParts extends EnrollmentParts {
  readonly sessions: SessionService;
  readonly proofs: ProofService;
  readonly devices: DeviceSettings;
}

export type SigningDevice = Omit<SigningBrowser, 'cookieMode'>;

export interface CompletedMfa {
  /** The session, or a step that is still missing: the choice of an organization, or a password that must be changed. */
  readonly signedIn: SignedInOutcome;
  /** The `Set-Cookie` header by which the browser is remembered; null: it is not. */
  readonly deviceCookie: string | null;
}

/** The second half of a sign-in: between the right first factor and the session. */
export class MfaService {
  constructor(private readonly parts: MfaParts) {}

  /** Makes what a proof by passkey or e-mail needs; MFA_TOKEN_INVALID, NOT_FOUND. */
  async startProof(call: Call, token: string, type: string): Promise<StartedProof> {
    return this.parts.proofs.start(call, await this.pending(call, token), startable(type));
  }

  /** Checks the second factor and starts the session. A wrong code leaves the sign-in open for another. */
  async complete(
    call: Call,
    {
      token,
      proof,
      remember,
    }: { readonly token: string; readonly proof: ProofInput; readonly remember: boolean },
    device: SigningDevice,
  ): Promise<CompletedMfa> {
    const pending = await this.pending(call, token);
    const proved = await this.parts.proofs.take(call, pending, proof);
    const signedIn = await this.parts.sessions.completeSignIn(call, token, provenMethod(proved), device);
    // With an organization to be chosen, or a page elsewhere to be visited, the factor is given all the same, and this is the moment at which it
    // is known to be wanted; a password that must be changed would end what is remembered.
    const isProved = ['LOGGED_IN', 'ORGANIZATION_CHOICE', 'REDIRECT_REQUIRED'].includes(signedIn.kind);
    if (!isProved || !remember) return { signedIn, deviceCookie: null };
    const isKept = pending.cookieMode === 'persistent';
    const who = { userId: pending.userId, userAgent: device.userAgent, isKept };
    return { signedIn, deviceCookie: await rememberDevice(this.parts.devices, call, who) };
  }

  /** Begins to enrol the first second factor of a user who must have one. FORBIDDEN for a user who has one and must give that. */
  async startEnrollment(
    call: Call,
    token: string,
    { type, name }: { readonly type: StoredFactorType; readonly name: string | null },
  ): Promise<StartedEnrollment> {
    if (!(secondFactorTypes as readonly string[]).includes(type))
      throw badInput('enrollment', 'Recovery codes alone are no second factor. Enrol another method first.');
    const { userId, binding } = await this.pending(call, token);
    return call.store.transaction(async (store) => {
      const user = await this.parts.users.requireReachable(call, store, userId);
      const [methods = []] = await findMethods(store, [userId]);
      // SECURITY: whoever knows a password must not get past the second factor by adding one.
      if (hasAnyOf(methods, secondFactorTypes))
        throw commonErrors.FORBIDDEN({ message: 'Give the second factor that you have.' });
      return startEnrollment(this.parts, store, call, user, { type, name, binding, codes: null });
    });
  }

  /** Confirms that factor and starts the session. INVALID_CREDENTIALS for a wrong proof; the fifth ends the enrolment. */
  async completeEnrollment(
    call: Call,
    token: string,
    answer: Omit<EnrollmentAnswer, 'binding' | 'userAgent'>,
    device: SigningDevice,
  ): Promise<SignedInOutcome> {
    const { userId, binding } = await this.pending(call, token);
    const verified = await call.store.transaction(async (store) => {
      const user = await this.parts.users.requireReachable(call, store, userId);
      const [methods = []] = await findMethods(store, [userId]);
      if (hasAnyOf(methods, secondFactorTypes))
        throw commonErrors.FORBIDDEN({ message: 'Give the second factor that you have.' });
      const bound = { ...answer, binding, userAgent: device.userAgent };
      return verifyEnrollment(this.parts, store, call, user, bound);
    });
    if (verified.outcome !== 'VERIFIED') {
      const attemptsLeft = verified.outcome === 'WRONG' ? verified.attemptsLeft : 0;
      throw sessionErrors.INVALID_CREDENTIALS({
        message: 'The code or the passkey is not right, or the enrolment is over.',
        extensions: { attemptsLeft },
      });
    }
    return this.parts.sessions.completeSignIn(call, token, provenMethod(verified.method), device);
  }

  private async pending(call: Call, token: string): Promise<ProofOf & { readonly cookieMode: string }> {
    const { userId, kind, cookieMode } = await this.parts.sessions.pendingSignIn(call, token);
    if (kind !== 'mfa') throw sessionErrors.MFA_TOKEN_INVALID();
    return { userId, cookieMode, binding: `sign-in ${hashSecret(token)}` };
  }
}

/** The kinds of proof that need something of the gateway first. */
export function startable(type: string): 'PASSKEY' | 'EMAIL' {
  if (type === 'PASSKEY' || type === 'EMAIL') return type;
  throw badInput('factor', 'Only a passkey and a code by e-mail are started; give the others at once.');
}

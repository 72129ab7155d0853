import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Public } from '#src/access/decorators';
import { enrollmentView } from '#src/features/factors/enrollments/enrollment.type';
import { enrollmentRequest, verificationRequest } from '#src/features/factors/enrollments/read-enrollment';
import { StartMfaProofInput } from '#src/features/factors/proofs/proof.input';
import { StartMfaProofPayload } from '#src/features/factors/proofs/proof.type';
import {
  CompleteMfaEnrollmentPayload,
  CompleteMfaPayload,
  SignInWithPasskeyPayload,
  StartMfaEnrollmentPayload,
  StartPasskeySignInPayload,
} from '#src/features/factors/sign-in/mfa-payload.type';
import {
  CompleteMfaEnrollmentInput,
  CompleteMfaInput,
  SignInWithPasskeyInput,
  StartMfaEnrollmentInput,
} from '#src/features/factors/sign-in/mfa.input';
import type { MfaParts, MfaService, SigningDevice } from '#src/features/factors/sign-in/mfa.service';
import { signInWithPasskey, startPasskeySignIn } from '#src/features/factors/sign-in/passkey-sign-in';
import { answerSignIn, type SignInAnswer } from '#src/features/sessions/sign-in/answer-sign-in';
import type { Authenticate } from '#src/graphql/authenticate';
import type { RequestContext } from '#src/graphql/request-context';

/** The second half of signing in, and the way in without a password. */
@Resolver()
export class MfaResolver {
  constructor(
    private readonly mfa: MfaService,
    private readonly parts: MfaParts,
    private readonly authenticate: Authenticate,
  ) {}

  @Public()
  @Mutation(() => StartMfaProofPayload, {
    description:
      'Prepares a second factor that needs it: a challenge for passkeys, or a code by e-mail (five in ten minutes, then RATE_LIMITED). MFA_TOKEN_INVALID for a sign-in that is over, NOT_FOUND where the user has no such factor.',
  })
  async startMfaProof(
    @Arg('input', () => StartMfaProofInput) { mfaToken, factor }: StartMfaProofInput,
    @Ctx() context: RequestContext,
  ): Promise<StartMfaProofPayload> {
    return { proof: await this.mfa.startProof(context, mfaToken, factor) };
  }

  @Public()
  @Mutation(() => CompleteMfaPayload, {
    description:
      'Completes a sign-in by a second factor and sets the session cookie. INVALID_CREDENTIALS for a proof that does not hold or was used before; TOO_MANY_ATTEMPTS after five; MFA_TOKEN_INVALID for a sign-in that is over.',
  })
  async completeMfa(
    @Arg('input', () => CompleteMfaInput) { mfaToken, proof, rememberDevice }: CompleteMfaInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    const request = { token: mfaToken, proof, remember: rememberDevice === true };
    const { signedIn, deviceCookie } = await this.mfa.complete(context, request, deviceOf(context));
    if (deviceCookie !== null) context.http.setCookie(deviceCookie);
    return answerSignIn(this.authenticate, context, signedIn);
  }

  @Public()
  @Mutation(() => StartMfaEnrollmentPayload, {
    description:
      'Begins to enrol a second factor during a sign-in that demands one of a user who has none. FORBIDDEN for a user who has one.',
  })
  async startMfaEnrollment(
    @Arg('input', () => StartMfaEnrollmentInput) { mfaToken, enrollment }: StartMfaEnrollmentInput,
    @Ctx() context: RequestContext,
  ): Promise<StartMfaEnrollmentPayload> {
    const started = await this.mfa.startEnrollment(context, mfaToken, enrollmentRequest(enrollment));
    return { enrollment: enrollmentView(started) };
  }

  @Public()
  @Mutation(() => CompleteMfaEnrollmentPayload, {
    description:
      'Confirms that factor, completes the sign-in and sets the session cookie. INVALID_CREDENTIALS with `attemptsLeft` for a wrong proof.',
  })
  async completeMfaEnrollment(
    @Arg('input', () => CompleteMfaEnrollmentInput) { mfaToken, verification }: CompleteMfaEnrollmentInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    const answer = verificationRequest(verification);
    const signedIn = await this.mfa.completeEnrollment(context, mfaToken, answer, deviceOf(context));
    return answerSignIn(this.authenticate, context, signedIn);
  }

  @Public()
  @Mutation(() => StartPasskeySignInPayload, {
    description: 'Makes a challenge for signing in by a passkey, good for five minutes and one use.',
  })
  async startPasskeySignIn(@Ctx() context: RequestContext): Promise<StartPasskeySignInPayload> {
    return { proof: await startPasskeySignIn(this.parts, context) };
  }

  @Public()
  @Mutation(() => SignInWithPasskeyPayload, {
    description:
      'Signs in by a passkey that verified its owner, sets the session cookie and ends the session that the browser had. That counts as two factors. INVALID_CREDENTIALS for everything that does not hold.',
  })
  async signInWithPasskey(
    @Arg('input', () => SignInWithPasskeyInput) input: SignInWithPasskeyInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    const { challenge, response, organizationId = null, clientId = null } = input;
    const { keepSignedIn, anonymousSession = null } = input;
    const cookieMode = keepSignedIn === false ? 'non-persistent' : 'persistent';
    const request = { challenge, response, organizationId, clientId };
    const visit = anonymousSession === null ? null : { token: anonymousSession };
    const browser = { ...deviceOf(context), cookieMode, visit } as const;
    return answerSignIn(
      this.authenticate,
      context,
      await signInWithPasskey(this.parts, context, request, browser),
    );
  }
}

function deviceOf({ http }: RequestContext): SigningDevice {
  const { ip, userAgent, sessionCookie, cookieHeader: cookies } = http;
  return { ip, userAgent, sessionCookie, cookies };
}

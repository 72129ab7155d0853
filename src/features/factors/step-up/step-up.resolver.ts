import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { bindingOf } from '#src/features/factors/enrollments/enrollment';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import { StartStepUpInput, StepUpInput } from '#src/features/factors/proofs/proof.input';
import { StartStepUpPayload } from '#src/features/factors/proofs/proof.type';
import { StepUpPayload } from '#src/features/factors/sign-in/mfa-payload.type';
import { startable } from '#src/features/factors/sign-in/mfa.service';
import {
  requireNoStronger,
  requireSession,
  stepUp,
  type StepUpParts,
} from '#src/features/factors/step-up/step-up';
import { sessionById } from '#src/features/sessions/session.loader';
import type { RequestContext } from '#src/graphql/request-context';

/** Renewed proofs of a session that lives. */
@Resolver()
export class StepUpResolver {
  constructor(private readonly parts: StepUpParts) {}

  @Auth()
  @Mutation(() => StartStepUpPayload, {
    description:
      'Prepares a renewed proof that needs it: a challenge for passkeys, or a code by e-mail (five in ten minutes, then RATE_LIMITED). NOT_FOUND where the caller has no such factor; STEP_UP_REQUIRED for a code by e-mail where there is a stronger one.',
  })
  async startStepUp(
    @Arg('input', () => StartStepUpInput) { factor }: StartStepUpInput,
    @Ctx() context: RequestContext,
  ): Promise<StartStepUpPayload> {
    requireSession(context);
    const userId = requireUserId(context);
    const type = startable(factor);
    if (type === 'EMAIL') await requireNoStronger(this.parts, context, userId);
    const of = { userId, binding: bindingOf(context) };
    return { proof: await this.parts.proofs.start(context, of, type) };
  }

  @Auth()
  @Mutation(() => StepUpPayload, {
    description:
      'Proves again who the caller is, so that the session may do what asks for a recent or stronger sign-in (STEP_UP_REQUIRED), and gives a cookie session a new secret. STEP_UP_REQUIRED for a password or a code by e-mail of a user who has a passkey or an authenticator app. INVALID_CREDENTIALS for a proof that does not hold; TOO_MANY_ATTEMPTS after five.',
  })
  async stepUp(
    @Arg('input', () => StepUpInput) { proof }: StepUpInput,
    @Ctx() context: RequestContext,
  ): Promise<StepUpPayload> {
    const sessionId = await stepUp(this.parts, context, proof);
    const sessions = context.load(sessionById);
    sessions.clear(sessionId);
    return { session: await sessions.load(sessionId) };
  }
}

import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Public, WithParent } from '#src/access/decorators';
import { SignInPayload } from '#src/features/sessions/session-payload.type';
import type { SessionService } from '#src/features/sessions/session.service';
import type { Authenticate } from '#src/graphql/authenticate';
import type { RequestContext } from '#src/graphql/request-context';
import { answerSignIn, type SignInAnswer } from './answer-sign-in';

@InputType('ChooseOrganizationInput', { description: 'The organization to sign in to.' })
export class ChooseOrganizationInput {
  @Field(() => String, { description: 'Of `OrganizationChoice`.' })
  choiceToken!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'One of those that were offered; null: none of them, where the choice is optional.',
  })
  organizationId?: string | null;
}

@ObjectType('ChooseOrganizationPayload', { description: 'How the sign-in ended.' })
@WithParent()
export class ChooseOrganizationPayload extends SignInPayload {}

@Resolver()
export class ChooseOrganizationResolver {
  constructor(
    private readonly sessions: SessionService,
    private readonly authenticate: Authenticate,
  ) {}

  @Public()
  @Mutation(() => ChooseOrganizationPayload, {
    description:
      'Completes a sign-in that waits for its organization; one that asks for a second factor answers an MfaChallenge. FORBIDDEN for one that the user cannot enter, which ends the sign-in; MFA_TOKEN_INVALID for a sign-in that is over; TOO_MANY_ATTEMPTS after 100 wrong tokens of a network, with one more every 36 seconds.',
  })
  async chooseOrganization(
    @Arg('input', () => ChooseOrganizationInput)
    { choiceToken, organizationId = null }: ChooseOrganizationInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    const { ip, userAgent, sessionCookie, cookieHeader: cookies } = context.http;
    const browser = { ip, userAgent, sessionCookie, cookies };
    const outcome = await this.sessions.chooseOrganization(context, choiceToken, organizationId, browser);
    return answerSignIn(this.authenticate, context, outcome);
  }
}

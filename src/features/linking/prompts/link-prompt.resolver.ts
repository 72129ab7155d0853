import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Public } from '#src/access/decorators';
import type { LinkingService } from '#src/features/linking/linking.service';
import { answerSignIn, type SignInAnswer } from '#src/features/sessions/sign-in/answer-sign-in';
import type { Authenticate } from '#src/graphql/authenticate';
import { factorsOf } from '#src/features/sessions/sign-in/proof-names';
import { tagRow } from '#src/graphql/node';
import type { RequestContext } from '#src/graphql/request-context';
import type { AnsweringBrowser } from './answer-prompt';
import {
  ReclaimAccountPayload,
  RespondToLinkPromptPayload,
  StartLinkPromptProofPayload,
} from './link-prompt-payload.type';
import {
  ReclaimAccountInput,
  RespondToLinkPromptInput,
  StartLinkPromptProofInput,
} from './link-prompt.input';

/** For pages of applications: what the gateway's own page asks after a sign-in at a provider. */
@Resolver()
export class LinkPromptResolver {
  constructor(
    private readonly linking: LinkingService,
    private readonly authenticate: Authenticate,
  ) {}

  // The token is the right: it was given to the browser in which a provider has proved the person.
  @Public()
  @Mutation(() => RespondToLinkPromptPayload, {
    description:
      'Goes on with a sign-in whose address belongs to an account here: with a proof of the account, links the two and signs in to it, after its second factor; declined, makes a user of its own. INVALID_CREDENTIALS for a proof that does not hold, TOO_MANY_ATTEMPTS, LINK_CONFLICT where they cannot be linked any more, LINK_TOKEN_INVALID.',
  })
  async respondToLinkPrompt(
    @Arg('input', () => RespondToLinkPromptInput) { linkToken, accept, proof }: RespondToLinkPromptInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    const browser = browserOf(context);
    if (!accept) return this.signedIn(context, await this.linking.decline(context, linkToken, browser));
    if (proof === null || proof === undefined) {
      const asked = await this.linking.describe(context, linkToken);
      return {
        session: null,
        user: null,
        result: tagRow({ ...asked, proofs: factorsOf(asked.proofs) }, 'LinkPrompt') as SignInAnswer['result'],
      };
    }
    return this.signedIn(context, await this.linking.accept(context, { linkToken, proof }, browser));
  }

  @Public()
  @Mutation(() => StartLinkPromptProofPayload, {
    description:
      'Prepares a proof that needs it: a code by mail to the address of the account (five in ten minutes, then RATE_LIMITED), or a challenge for its passkeys. NOT_FOUND where it has no passkey, MAIL_NOT_CONFIGURED, LINK_TOKEN_INVALID.',
  })
  async startLinkPromptProof(
    @Arg('input', () => StartLinkPromptProofInput) { linkToken, factor }: StartLinkPromptProofInput,
    @Ctx() context: RequestContext,
  ): Promise<StartLinkPromptProofPayload> {
    return { proof: await this.linking.startProof(context, linkToken, factor) };
  }

  @Public()
  @Mutation(() => ReclaimAccountPayload, {
    description:
      'Gives an account whose address was never verified to whoever reads its mail. Deletes its password, linked identities, factors, profile, metadata, sessions and everything under way, links the provider and signs in. INVALID_CREDENTIALS for wrong digits, TOO_MANY_ATTEMPTS, LINK_CONFLICT where the address was verified meanwhile, LINK_TOKEN_INVALID.',
  })
  async reclaimAccount(
    @Arg('input', () => ReclaimAccountInput) input: ReclaimAccountInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    return this.signedIn(context, await this.linking.reclaim(context, input, browserOf(context)));
  }

  private signedIn(
    context: RequestContext,
    outcome: Awaited<ReturnType<LinkingService['accept']>>,
  ): Promise<SignInAnswer> {
    return answerSignIn(this.authenticate, context, outcome);
  }
}

function browserOf({ http: { ip, userAgent, sessionCookie } }: RequestContext): AnsweringBrowser {
  return { ip, userAgent, sessionCookie };
}

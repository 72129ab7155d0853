import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { assertWritable } from '#src/access/write-gate';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import { linkView } from '#src/features/my-account/linking/link-payload.type';
import { reloadCaller } from '#src/features/my-account/linking/reload-caller';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { RequestContext } from '#src/graphql/request-context';
import { completeConnecting } from './complete-connecting';
import { CompleteAccountConnectionPayload, StartAccountConnectionPayload } from './connecting-payload.type';
import { CompleteAccountConnectionInput, StartAccountConnectionInput } from './connecting.input';
import { startConnecting, type ConnectingParts } from './start-connecting';

@Resolver()
export class ConnectingResolver {
  constructor(private readonly parts: ConnectingParts) {}

  @Auth({ permissions: [['create:me:connected_accounts']] })
  @Mutation(() => StartAccountConnectionPayload, {
    description:
      'Begins to link an account at a provider, for an application that calls with a token and so has no cookie here: the browser goes to `connectUri`, comes back with `connect_code`, and `completeAccountConnection` links within ten minutes. STEP_UP_REQUIRED as for `startEnrollment`; LINK_CONFLICT where the connection does not link; REDIRECT_NOT_ALLOWED for an address that is no callback, BAD_USER_INPUT for scopes that no provider could understand; else as `beginLogin`.',
  })
  async startAccountConnection(
    @Arg('input', () => StartAccountConnectionInput, { description: 'Where and whereto.' })
    { state = null, scopes, ...input }: StartAccountConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<StartAccountConnectionPayload> {
    await this.requireWritable(context);
    return startConnecting(this.parts, context, { ...input, state, scopes: scopes ?? [] });
  }

  @Auth({ permissions: [['create:me:connected_accounts']] })
  @Mutation(() => CompleteAccountConnectionPayload, {
    description:
      'Links the account that the person has signed in to, in the session that began. LINK_CONFLICT, without a reason, for what does not belong together, came too late or was completed before, and for an account that cannot be linked; LIMIT_EXCEEDED above 10 identities; STEP_UP_REQUIRED as for `startEnrollment`.',
  })
  async completeAccountConnection(
    @Arg('input', () => CompleteAccountConnectionInput, { description: 'What belongs to the beginning.' })
    input: CompleteAccountConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<CompleteAccountConnectionPayload> {
    await this.requireWritable(context);
    const outcome = await completeConnecting(this.parts, context, input);
    return { result: linkView(outcome), user: await reloadCaller(context) };
  }

  /** A stored rule may keep people from changing their identities. */
  private async requireWritable(context: RequestContext): Promise<void> {
    const userId = requireUserId(context);
    assertWritable(context, ['identities'], await objectFactsOf(context, context.store, userId));
  }
}

import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { assertWritable } from '#src/access/write-gate';
import { badInput } from '#src/features/roles/checked-text';
import type { FactorsConfig } from '#src/config/factors';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import { requireSession } from '#src/features/factors/step-up/step-up';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { RequestContext } from '#src/graphql/request-context';
import { beginLogin } from './begin-login';
import type { LoginCookie } from './login-cookie';
import type { LoginParts } from './login-parts';

@InputType('BeginLinkInput', { description: 'Where the other account is, and where to go afterwards.' })
export class BeginLinkInput {
  @Field(() => String, { description: 'Name of a social, OpenID or SAML connection.' })
  connection!: string;

  @Field(() => ID, { description: 'The application that the person uses.' })
  clientId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'A path within the application or one of its callbacks, as in `beginLogin`. The address gets `#linked=<connection>`, or `#account_link_token=…` where the other account has a second factor: `completeAccountLink` takes that.',
  })
  returnTo?: string | null;
}

@ObjectType('BeginLinkPayload', { description: 'Where the browser goes to sign in to the other account.' })
@WithParent()
export class BeginLinkPayload {
  @Field(() => String, {
    description:
      'Address at the provider, good for ten minutes in this browser, which got a cookie that binds it.',
  })
  url!: string;
}

@Resolver()
export class BeginLinkResolver {
  constructor(
    private readonly parts: LoginParts,
    private readonly cookie: LoginCookie,
    private readonly factors: FactorsConfig,
  ) {}

  @Auth({ permissions: [['create:me:connected_accounts']] })
  @Mutation(() => BeginLinkPayload, {
    description:
      'Begins to link an account at a provider: the person signs in there, and the account becomes an identity of the caller if the caller’s session is still good then. STEP_UP_REQUIRED as for `startEnrollment`; LINK_CONFLICT where the connection does not link, and for a caller whose own e-mail address is not verified; else as `beginLogin`. The page at the end says LINK_CONFLICT for an account that cannot be linked.',
  })
  async beginLink(
    @Arg('input', () => BeginLinkInput, { description: 'Where and whereto.' }) input: BeginLinkInput,
    @Ctx() context: RequestContext,
  ): Promise<BeginLinkPayload> {
    const linkSessionId = requireSession(context);
    const userId = requireUserId(context);
    await requireStepUp(this.factors, context.store, context, userId);
    assertWritable(context, ['identities'], await objectFactsOf(context, context.store, userId));
    await this.parts.linking.requireLinkable(context, userId);
    const connection = await this.parts.connections.byName(context.store, input.connection);
    if (connection?.options.linking === 'OFF') throw myAccountErrors.LINK_CONFLICT();
    const bound = this.cookie.renew(context.http.cookieHeader);
    const browser = { bindingSecret: bound.secret, ip: context.http.ip };
    const { url, form } = await beginLogin(this.parts, context, { ...input, linkSessionId }, browser);
    // A link lives in the session that began it; a page that begins anew, as for a sign-in, has none.
    if (form !== null)
      throw badInput('connection', 'Requests to this provider are posted: it cannot be linked so.');
    context.http.setCookie(bound.setCookie);
    return { url };
  }
}

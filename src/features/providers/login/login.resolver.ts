import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Public, WithParent } from '#src/access/decorators';
import type { RequestContext } from '#src/graphql/request-context';
import { beginLogin, type BeginLogin } from './begin-login';
import type { LoginCookie } from './login-cookie';
import { loginUrl, type LoginParts } from './login-parts';

@InputType('BeginLoginInput', { description: 'Where somebody wants to sign in, and where to go afterwards.' })
export class BeginLoginInput implements BeginLogin {
  @Field(() => String, { description: 'Name of a social, OpenID or SAML connection.' })
  connection!: string;

  @Field(() => ID, { description: 'The application that the person comes from.' })
  clientId!: string;

  @Field(() => ID, { nullable: true, description: 'The organization to sign in to.' })
  organizationId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A path within the application (`/orders`) or one of its callbacks. Anything else is dropped for the application’s default, and recorded.',
  })
  returnTo?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Token of an anonymous session of the application: what it holds becomes part of the new session. One that is over is passed over.',
  })
  anonymousSession?: string | null;
}

@ObjectType('BeginLoginPayload', { description: 'Where the browser goes to sign in.' })
@WithParent()
export class BeginLoginPayload {
  @Field(() => String, {
    description:
      'Address at the provider, good for ten minutes in this browser, which got a cookie that binds it. For a SAML provider that takes requests by POST: the page of the gateway that sends the request.',
  })
  url!: string;
}

@Resolver()
export class BeginLoginResolver {
  constructor(
    private readonly parts: LoginParts,
    private readonly cookie: LoginCookie,
  ) {}

  @Public()
  @Mutation(() => BeginLoginPayload, {
    description:
      'Begins a sign-in at a provider. Makes no session: the provider sends the browser back to the gateway, which does. CONNECTION_NOT_FOUND, CONNECTION_DISABLED, CONNECTION_INCOMPLETE, PROVIDER_UNAVAILABLE, FORBIDDEN for an application nobody can sign in through.',
  })
  async beginLogin(
    @Arg('input', () => BeginLoginInput, { description: 'Where and whereto.' }) input: BeginLoginInput,
    @Ctx() context: RequestContext,
  ): Promise<BeginLoginPayload> {
    const bound = this.cookie.renew(context.http.cookieHeader);
    const { url, form } = await beginLogin(this.parts, context, input, {
      bindingSecret: bound.secret,
      ip: context.http.ip,
    });
    context.http.setCookie(bound.setCookie);
    // A form can be posted by a page alone: the gateway's own begins anew and does it.
    return { url: form === null ? url : loginUrl(this.parts.issuer, input) };
  }
}

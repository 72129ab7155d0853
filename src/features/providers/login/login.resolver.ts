import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import { Public, WithParent } from '#src/access/decorators';
import type { RequestContext } from '#src/graphql/request-context';
import { beginLogin, type BeginLogin } from './begin-login';
import type { LoginCookie } from './login-cookie';
import { loginUrl, type LoginParts } from './login-parts';
import type { LoginPrompt } from './login-wishes';

export enum LoginPromptEnum {
  NONE = 'NONE',
  LOGIN = 'LOGIN',
  CONSENT = 'CONSENT',
  SELECT_ACCOUNT = 'SELECT_ACCOUNT',
}
registerEnumType(LoginPromptEnum, {
  name: 'LoginPrompt',
  description: 'What a provider asks somebody who signs in there (OpenID Connect Core 1.0, section 3.1.2.1).',
  valuesConfig: {
    NONE: {
      description:
        'Nothing, and nothing is asked here either: who would have to be asked comes back to the application with `#error=login_required` or `#error=interaction_required`.',
    },
    LOGIN: { description: 'To prove who they are, also where there is a session.' },
    CONSENT: { description: 'To agree to what the gateway learns.' },
    SELECT_ACCOUNT: { description: 'Which of several accounts it should be.' },
  },
});

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

  @Field(() => LoginPromptEnum, {
    nullable: true,
    description:
      'What the provider asks the person; default: what it thinks right. Refused with BAD_USER_INPUT where its protocol cannot say it.',
  })
  prompt?: LoginPrompt | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many seconds ago the person may have proved who they are there: 0 to 31,536,000. An older proof, or an answer that does not tell, is LOGIN_FAILED. BAD_USER_INPUT for a provider without OpenID Connect and SAML.',
  })
  maxAgeSeconds?: number | null;
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

import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import { Attribute } from '#src/access/decorators';
import { JsonScalar } from '#src/graphql/scalars';
import { TokenUseEnum } from '#src/features/sessions/refresh/token-set.type';
import { SigningOptions } from '#src/features/sessions/sign-in/signing-options.type';
import { SessionStatus } from './session.type';

@ArgsType()
export class UserSessionsArgs extends ForwardPageArgs {
  @Field(() => SessionStatus, {
    nullable: true,
    defaultValue: SessionStatus.ACTIVE,
    description: 'Only sessions that stand so; null: all.',
  })
  status?: SessionStatus | null;
}

@InputType('SignInInput', { description: 'Who signs in, and the proof.' })
export class SignInInput extends SigningOptions {
  @Field(() => String, { description: 'E-mail address, username or phone number.' })
  identifier!: string;

  @Field(() => String, { description: 'The password.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'Name of the connection; `main` when absent.' })
  connection?: string | null;

  @Field(() => TokenUseEnum, {
    nullable: true,
    description:
      'The tokens that the application of `clientId` wants; no cookie is set then. Without it a browser gets a cookie.',
  })
  tokens?: TokenUseEnum | null;
}

@InputType('SignOutInput', { description: 'What else to end, and where to go.' })
export class SignOutInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether refresh tokens that outlive the session end too.',
  })
  revokeOffline?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where to go afterwards: one of `allowedLogoutUrls` of the application, or without one of `sessions.allowedLogoutUrls`. Any other is left out of the answer.',
  })
  returnTo?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The application whose list counts. Without `returnTo` its first address is answered.',
  })
  clientId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether to leave the identity provider too: `logoutUrl` then leads there first. SAML providers with `signOutEndpoint` and OpenID providers that publish an `end_session_endpoint` have such a page; the audit record says whether it was there.',
  })
  federated?: boolean | null;
}

@ArgsType()
export class SessionsOfUserArgs extends UserSessionsArgs {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;
}

@InputType('UpdateSessionMetadataInput', { description: 'What to keep with a session; not for secrets.' })
export class UpdateSessionMetadataInput {
  @Field(() => ID, { description: 'Id of the session.' })
  id!: string;

  @Attribute('sessions.metadata')
  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Keys and values to write: an object of texts, 255 characters each; 25 keys at most are kept.',
  })
  set?: unknown;

  @Field(() => [String], { nullable: true, description: 'Keys to remove.' })
  delete?: string[] | null;
}

@InputType('RevokeSessionInput', { description: 'The session to end.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'Id of the session.' })
  id!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether refresh tokens that can live without the session stay.',
  })
  preserveRefreshTokens?: boolean | null;
}

@InputType('RevokeOrganizationSessionsInput', { description: 'Where to end sessions.' })
export class RevokeOrganizationSessionsInput {
  @Field(() => ID, { description: 'Id of the organization.' })
  organizationId!: string;
}

@InputType('RevokeUserSessionsInput', { description: 'Whose sessions to end.' })
export class RevokeUserSessionsInput {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the session of this very call stays.',
  })
  exceptCurrent?: boolean | null;
}

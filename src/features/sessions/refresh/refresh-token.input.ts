import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';

@InputType('ExchangeRefreshTokenInput', {
  description: 'A refresh token and the application it was given to.',
})
export class ExchangeRefreshTokenInput {
  @Field(() => String, { description: 'The refresh token.' })
  refreshToken!: string;

  @Field(() => ID, { description: 'The application.' })
  clientId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A secret of the application, if it is of type REGULAR_WEB.',
  })
  clientSecret?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Identifier of the API that the access token is for; absent: the gateway itself. VALIDATION_FAILED for one that does not exist, and where the token would say more than 4,000 bytes of it. The refresh token stays good then.',
  })
  audience?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Names of permissions of that API, up to 100, else LIMIT_EXCEEDED. The token has those that the API defines and, where it enforces its policies, the user holds in the organization of the token; others are left out. With a dialect that ends in `_AUTHZ` it also lists all that the user holds there.',
  })
  scope?: string[] | null;
}

@ArgsType()
export class UserRefreshTokensArgs extends ForwardPageArgs {
  @Field(() => ID, { nullable: true, description: 'Only those of this application; null: of all.' })
  clientId?: string | null;
}

@ArgsType()
export class RefreshTokensOfUserArgs extends UserRefreshTokensArgs {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;
}

@InputType('RevokeRefreshTokenInput', { description: 'The refresh token to end.' })
export class RevokeRefreshTokenInput {
  @Field(() => ID, { description: 'Id of the refresh token; not the token itself.' })
  id!: string;
}

@InputType('RevokeUserRefreshTokensInput', { description: 'Whose refresh tokens to end.' })
export class RevokeUserRefreshTokensInput {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;

  @Field(() => ID, { nullable: true, description: 'Only those of this application; null: of all.' })
  clientId?: string | null;
}

import { Arg, ArgsType, Args, Ctx, Field, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { AuthorizationNames } from '#src/features/groups/authorization/authorization-switches';
import type {
  AuthorizationConfig,
  AuthorizationQuestion,
  AuthorizationService,
} from '#src/features/groups/authorization/authorization.service';
import {
  AuthorizationConfigType,
  AuthorizationContextType,
  UpdateAuthorizationConfigInput,
  UpdateAuthorizationConfigPayload,
} from '#src/features/groups/authorization/authorization.type';
import type { RequestContext } from '#src/graphql/request-context';

@ArgsType()
class AuthorizationContextArgs implements AuthorizationQuestion {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => ID, { description: 'The application that the user works with.' })
  applicationId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The organization that the user works in; none by default.',
  })
  organizationId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'As if the user signed in here; takes `idpGroups` as well.',
  })
  connection?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'What the provider would say of groups; at most 1,000.',
  })
  idpGroups?: string[] | null;
}

@Resolver()
export class AuthorizationResolver {
  constructor(private readonly authorization: AuthorizationService) {}

  @Auth({ permissions: [['read:authorization']] })
  @Query(() => AuthorizationContextType, {
    nullable: true,
    description: 'What is in force for a user in an application; null for a user out of reach.',
  })
  async authorizationContext(
    @Args(() => AuthorizationContextArgs) question: AuthorizationContextArgs,
    @Ctx() context: RequestContext,
  ): Promise<(AuthorizationNames & { readonly userId: string }) | null> {
    const names = await this.authorization.context(context, question);
    // By the user the stored rules know whose groups, roles and permissions these are.
    return names && { ...names, userId: question.userId };
  }

  @Auth({ permissions: [['read:authorization']] })
  @Query(() => AuthorizationConfigType, {
    nullable: true,
    description: 'What sign-ins and tokens say of groups, roles and permissions.',
  })
  authorizationConfig(@Ctx() context: RequestContext): Promise<AuthorizationConfig> {
    return this.authorization.config(context);
  }

  @Auth({ permissions: [['update:authorization']] })
  @Mutation(() => UpdateAuthorizationConfigPayload, {
    description:
      'Changes what sign-ins and tokens say of groups, roles and permissions, from the next one on.',
  })
  async updateAuthorizationConfig(
    @Arg('input', () => UpdateAuthorizationConfigInput) input: UpdateAuthorizationConfigInput,
    @Ctx() context: RequestContext,
  ): Promise<{ config: AuthorizationConfig }> {
    return { config: await this.authorization.updateConfig(context, input) };
  }
}

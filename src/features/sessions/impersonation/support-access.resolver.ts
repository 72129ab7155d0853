import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { userById } from '#src/features/users/user.loader';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';
import type { SettleParts } from './settle-impersonations';
import { updateSupportAccess } from './support-access';
import { supportAccessByUser } from './support-access.loader';

@InputType('UpdateSupportAccessInput', { description: 'Whether support may open one’s own account.' })
export class UpdateSupportAccessInput {
  @Field(() => Boolean, { description: 'False: nobody may act in the caller’s name.' })
  isAllowed!: boolean;
}

@ObjectType('UpdateSupportAccessPayload', { description: 'What the caller said.' })
@WithParent()
export class UpdateSupportAccessPayload {
  @Field(() => UserType, { nullable: true, description: 'The user.' })
  user!: UserRow | null;
}

@Resolver(() => UserType)
export class SupportAccessResolver {
  constructor(private readonly parts: SettleParts) {}

  @Auth({ permissions: [['update:me:support_access']] })
  @Mutation(() => UpdateSupportAccessPayload, {
    description:
      'Says whether support may act in the caller’s name. Refusing ends what is under way. OPERATION_NOT_SUPPORTED unless the operator lets users decide (`sessions.supportOptOut`).',
  })
  async updateSupportAccess(
    @Arg('input', () => UpdateSupportAccessInput) input: UpdateSupportAccessInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateSupportAccessPayload> {
    const { userId } = await updateSupportAccess(this.parts, context, input);
    context.load(supportAccessByUser).clear(userId);
    return { user: await context.load(userById).load(userId) };
  }

  @Auth({ permissions: [['impersonate:users']], orSelf: true })
  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether support may act in the user’s name; always true unless the operator lets users decide.',
  })
  allowsSupportAccess(@Root() { id }: UserRow, @Ctx() context: RequestContext): boolean | Promise<boolean> {
    return !this.parts.config.supportOptOut || context.load(supportAccessByUser).load(id);
  }
}

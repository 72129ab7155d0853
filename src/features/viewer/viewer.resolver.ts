import { Arg, Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import { Auth, Public } from '#src/access/decorators';
import { organizationById } from '#src/features/organizations/organization.loader';
import { OrganizationType } from '#src/features/organizations/organization.type';
import { UserType } from '#src/features/users/user.type';
import { userById } from '#src/features/users/user.loader';
import { AccessExplanationType } from '#src/features/viewer/access-explanation.type';
import { explainAccess, type AccessAnswer, type ExplainSources } from '#src/features/viewer/explain-access';
import { ExplainAccessInput } from '#src/features/viewer/explain-access.input';
import { fieldRights, type FieldRights } from '#src/features/viewer/field-access';
import { FieldAccessType, ViewerType } from '#src/features/viewer/viewer.type';
import type { RequestContext } from '#src/graphql/request-context';

interface ViewerRow {
  readonly kind: string;
  readonly subject: string;
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
}

@Resolver(() => ViewerType)
export class ViewerResolver {
  constructor(private readonly sources: ExplainSources) {}

  @Public()
  @Query(() => ViewerType, { description: 'Who is calling, and with which rights.' })
  viewer(@Ctx() { principal }: RequestContext): ViewerRow {
    const { kind, subject, permissions, roles } = principal;
    return { kind: kind.toUpperCase(), subject, permissions: [...permissions], roles: [...roles] };
  }

  @Auth()
  @FieldResolver(() => UserType, { nullable: true, description: 'The signed-in user; null for machines.' })
  user(@Ctx() context: RequestContext): unknown {
    const { userId } = context.principal;
    return userId === null ? null : context.load(userById).load(userId);
  }

  @Auth()
  @FieldResolver(() => OrganizationType, {
    nullable: true,
    description: 'The organization the credential is bound to.',
  })
  organization(@Ctx() context: RequestContext): unknown {
    const { organizationId } = context.principal;
    return organizationId === null ? null : context.load(organizationById).load(organizationId);
  }

  @Public()
  @FieldResolver(() => [FieldAccessType], {
    description:
      'What the caller may do with each field of an object type, such as `User`; empty for an unknown type.',
  })
  fieldAccess(
    @Arg('type', () => String, { description: 'Name of an object type: `User`.' }) type: string,
    @Ctx() context: RequestContext,
  ): FieldRights[] {
    return fieldRights(context, context.gate, type);
  }

  @Auth({ permissions: [['read:attribute_rules']] })
  @Query(() => AccessExplanationType, {
    nullable: true,
    description: 'Why a user may or may not do something with a field, naming the rule that decides.',
  })
  explainAccess(
    @Arg('input', () => ExplainAccessInput) input: ExplainAccessInput,
    @Ctx() context: RequestContext,
  ): Promise<AccessAnswer> {
    const { organizationId = null, objectId = null, ...question } = input;
    const isReachable = async (id: string): Promise<boolean> =>
      (await context.load(userById).load(id)) !== null;
    const asked = { ...question, organizationId, objectId };
    return explainAccess(this.sources, context, context.gate, isReachable, asked);
  }
}

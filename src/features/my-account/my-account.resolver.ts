import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  deletionByUser,
  suggestionsByUser,
  type ShownSuggestion,
} from '#src/features/my-account/my-account.loader';
import { MyAccountType } from '#src/features/my-account/my-account.type';
import { factorTypes, usageOf, type FactorTypeName } from '#src/features/factors/factor-kind';
import { methodsByUser } from '#src/features/factors/methods/authentication-method.loader';
import { EnrolledMethodType } from '#src/features/factors/methods/authentication-method.type';
import { FactorType } from '#src/features/sessions/sign-in/factor.type';
import type { FactorClass } from '#src/features/factors/methods/authentication-method.type';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import type { MethodView } from '#src/features/factors/methods/method-view';
import { identitiesByUser } from '#src/features/identities/identity.loader';
import type { IdentityRow } from '#src/features/identities/identity.repository';
import { effectivePermissions } from '#src/features/organizations/effective-permissions/effective-permission.loader';
import type { EffectivePermissionRow } from '#src/features/organizations/effective-permissions/permission-slice.repository';
import { EffectivePermissionConnectionType } from '#src/features/organizations/effective-permissions/effective-permission.type';
import { membershipsByUser } from '#src/features/organizations/members/membership.loader';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipConnectionType } from '#src/features/organizations/members/membership.type';
import { sessionsByUser } from '#src/features/sessions/session.loader';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { SessionConnectionType } from '#src/features/sessions/session.type';
import type { UserRow } from '#src/features/users/user-row';
import { userById } from '#src/features/users/user.loader';
import { connectionOf, toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';
import type { Instant } from '#src/shared/clock';

@Resolver(() => MyAccountType)
export class MyAccountResolver {
  @Auth()
  @Query(() => MyAccountType, {
    nullable: true,
    description: 'The signed-in user’s own account; null for a machine caller.',
  })
  myAccount(@Ctx() { principal }: RequestContext): object | null {
    return principal.userId === null ? null : {};
  }

  @FieldResolver()
  user(@Ctx() context: RequestContext): UserRow | null | Promise<UserRow | null> {
    return context.load(userById).load(requireUserId(context));
  }

  @FieldResolver()
  deletionScheduledAt(@Ctx() context: RequestContext): Instant | null | Promise<Instant | null> {
    return context.load(deletionByUser).load(requireUserId(context));
  }

  @FieldResolver()
  async factors(@Ctx() context: RequestContext): Promise<FactorClass[]> {
    const methods = await context.load(methodsByUser).load(requireUserId(context));
    const confirmed = new Set(methods.filter((method) => method.confirmed).map((method) => method.type));
    return factorTypes.map((type) => ({ type, usage: usageOf(type), enrolled: confirmed.has(type) }));
  }

  @Auth({ permissions: [['read:me:authentication_methods']] })
  @FieldResolver(() => [EnrolledMethodType], {
    nullable: true,
    description: 'What the user can prove an identity with; at most 20 of each kind.',
  })
  async authenticationMethods(
    @Arg('type', () => FactorType, { nullable: true, description: 'Only those of this kind.' })
    type: FactorTypeName | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<readonly MethodView[]> {
    const methods = await context.load(methodsByUser).load(requireUserId(context));
    return type === null || type === undefined ? methods : methods.filter((method) => method.type === type);
  }

  @Auth({ permissions: [['read:me:authentication_methods']] })
  @FieldResolver(() => EnrolledMethodType, {
    nullable: true,
    description: 'One of them; null for any other id.',
  })
  async authenticationMethod(
    @Arg('id', () => ID, { description: 'Id of the method.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<MethodView | null> {
    const methods = await context.load(methodsByUser).load(requireUserId(context));
    return methods.find((method) => method.id === id) ?? null;
  }

  @FieldResolver()
  identities(@Ctx() context: RequestContext): readonly IdentityRow[] | Promise<readonly IdentityRow[]> {
    return context.load(identitiesByUser).load(requireUserId(context));
  }

  @FieldResolver()
  linkSuggestions(
    @Ctx() context: RequestContext,
  ): readonly ShownSuggestion[] | Promise<readonly ShownSuggestion[]> {
    return context.load(suggestionsByUser).load(requireUserId(context));
  }

  @Auth({ permissions: [['read:me:sessions']] })
  @FieldResolver(() => SessionConnectionType, {
    nullable: true,
    description: 'Where the user is signed in now, newest first.',
  })
  sessions(
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Connection<SessionRow> | Promise<Connection<SessionRow>> {
    return connectionOf(sessionsByUser.load(context, requireUserId(context), page, 'ACTIVE'));
  }

  @Auth({ permissions: [['read:me:organizations']] })
  @FieldResolver(() => MembershipConnectionType, {
    nullable: true,
    description: 'The organizations that the user belongs to, in the order of joining.',
  })
  organizations(
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Connection<MembershipRow> | Promise<Connection<MembershipRow>> {
    return connectionOf(membershipsByUser.load(context, requireUserId(context), page, null));
  }

  @Auth({ permissions: [['read:me:permissions']] })
  @FieldResolver(() => EffectivePermissionConnectionType, {
    nullable: true,
    description: 'What the user may do, each with every way in which it came, in the order of names.',
  })
  async permissions(
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<EffectivePermissionRow>> {
    const scope = { kind: 'EFFECTIVE', organizationId: null } as const;
    return toConnection(await effectivePermissions(context, requireUserId(context), page, scope));
  }
}

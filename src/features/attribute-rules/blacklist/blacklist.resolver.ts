import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import {
  AddBlacklistedAttributesInput,
  RemoveBlacklistedAttributesInput,
} from '#src/features/attribute-rules/blacklist/blacklist.input';
import type {
  BlacklistOutcome,
  BlacklistService,
} from '#src/features/attribute-rules/blacklist/blacklist.service';
import {
  AddBlacklistedAttributesPayload,
  AttributeBlacklistType,
  RemoveBlacklistedAttributesPayload,
} from '#src/features/attribute-rules/blacklist/blacklist.type';
import type { RequestContext } from '#src/graphql/request-context';

/** The lists are read field by field, so the object itself is empty. */
const lists = {};

type BlacklistPayload = BlacklistOutcome & { readonly blacklist: object };

@Resolver(() => AttributeBlacklistType)
export class BlacklistResolver {
  constructor(private readonly blacklists: BlacklistService) {}

  @Auth({ permissions: [['read:blacklist']] })
  @Query(() => AttributeBlacklistType, {
    nullable: true,
    description: 'The attributes that are neither kept nor shown.',
  })
  blacklist(): object {
    return lists;
  }

  @WithParent()
  @FieldResolver(() => [String], { nullable: true, description: 'The names for everybody’s data.' })
  tenant(@Ctx() context: RequestContext): Promise<string[]> {
    return this.blacklists.namesOf(context, 'TENANT', '');
  }

  @WithParent()
  @FieldResolver(() => [String], {
    nullable: true,
    description: 'The names for data of one connection’s users.',
  })
  connection(
    @Arg('id', () => ID, { description: 'Id or name of the connection.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string[]> {
    return this.blacklists.namesOfConnection(context, id);
  }

  @WithParent()
  @FieldResolver(() => [String], {
    nullable: true,
    description: 'The names for data of one organization’s members.',
  })
  organization(
    @Arg('id', () => ID, { description: 'Id of the organization.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string[]> {
    return this.blacklists.namesOf(context, 'ORGANIZATION', id);
  }

  @WithParent()
  @FieldResolver(() => [String], {
    nullable: true,
    description: 'All names that count for such data, the tenant’s included.',
  })
  effective(
    @Arg('connectionId', () => ID, { nullable: true, description: 'Id or name of a connection.' })
    connectionId: string | null | undefined,
    @Arg('organizationId', () => ID, { nullable: true, description: 'Id of an organization.' })
    organizationId: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<string[]> {
    return this.blacklists.effective(context, connectionId ?? null, organizationId ?? null);
  }

  @Auth({ permissions: [['update:blacklist']] })
  @Mutation(() => AddBlacklistedAttributesPayload, {
    description: 'Puts attributes on a blacklist and removes what is stored of them.',
  })
  async addBlacklistedAttributes(
    @Arg('input', () => AddBlacklistedAttributesInput) input: AddBlacklistedAttributesInput,
    @Ctx() context: RequestContext,
  ): Promise<BlacklistPayload> {
    return { ...(await this.blacklists.add(context, input)), blacklist: lists };
  }

  @Auth({ permissions: [['update:blacklist']] })
  @Mutation(() => RemoveBlacklistedAttributesPayload, {
    description: 'Takes attributes off a blacklist; what was removed does not come back.',
  })
  async removeBlacklistedAttributes(
    @Arg('input', () => RemoveBlacklistedAttributesInput) input: RemoveBlacklistedAttributesInput,
    @Ctx() context: RequestContext,
  ): Promise<BlacklistPayload> {
    return { ...(await this.blacklists.remove(context, input)), blacklist: lists };
  }
}

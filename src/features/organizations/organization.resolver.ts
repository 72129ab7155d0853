import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { RoleRow } from '#src/features/roles/role.repository';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import { countListedOrganizations, listOrganizations } from './list-organizations';
import { brandingOf, type Branding } from './organization-branding';
import { OrganizationListArgs } from './organization-list.input';
import {
  CreateOrganizationPayload,
  CreateOrganizationRolePayload,
  DeleteOrganizationPayload,
  UpdateOrganizationPayload,
} from './organization-payload.type';
import {
  CreateOrganizationInput,
  CreateOrganizationRoleInput,
  DeleteOrganizationInput,
  UpdateOrganizationInput,
} from './organization.input';
import { organizationById } from './organization.loader';
import type { OrganizationRow } from './organization.repository';
import type { OrganizationService } from './organization.service';
import {
  KeyValueType,
  OrganizationBrandingType,
  OrganizationConnectionType,
  OrganizationType,
} from './organization.type';

interface OrganizationPayload {
  readonly organization: OrganizationRow;
}

@Resolver(() => OrganizationType)
export class OrganizationResolver {
  constructor(
    private readonly organizations: OrganizationService,
    private readonly limits: OrganizationsConfig,
  ) {}

  @Auth({ permissions: [['read:organizations']] })
  @Query(() => OrganizationType, {
    nullable: true,
    description: 'One organization; null when there is none within reach.',
  })
  organization(
    @Arg('id', () => ID, { description: 'Id of the organization.' }) id: string,
    @Ctx() context: RequestContext,
  ): OrganizationRow | null | Promise<OrganizationRow | null> {
    return context.load(organizationById).load(id);
  }

  @Auth({ permissions: [['read:organizations']] })
  @Query(() => OrganizationConnectionType, {
    name: 'organizations',
    nullable: true,
    description: 'Organizations, in the order of their names.',
  })
  async listOrganizations(
    @Args(() => OrganizationListArgs) args: OrganizationListArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<OrganizationRow>> {
    const page = await listOrganizations(this.limits, context, args, args);
    return toConnection(page, () => countListedOrganizations(this.limits, context, args));
  }

  @WithParent()
  @FieldResolver(() => OrganizationBrandingType, {
    nullable: true,
    description: 'How its pages look; null: as the others.',
  })
  branding(@Root() organization: OrganizationRow): Branding | null {
    return brandingOf(organization);
  }

  @Auth({ permissions: [['read:organizations']] })
  @FieldResolver(() => [KeyValueType], {
    nullable: true,
    description: 'What its administrators keep about it; at most 25 keys.',
  })
  metadata(@Root() { metadata }: OrganizationRow): readonly KeyValueType[] {
    return Object.entries(metadata).map(([key, value]) => ({ key, value }));
  }

  @Auth({ permissions: [['create:organizations']] })
  @Mutation(() => CreateOrganizationPayload, { description: 'Creates an organization.' })
  async createOrganization(
    @Arg('input', () => CreateOrganizationInput) input: CreateOrganizationInput,
    @Ctx() context: RequestContext,
  ): Promise<OrganizationPayload> {
    return { organization: await this.organizations.create(context, input) };
  }

  @Auth({ permissions: [['update:organizations']] })
  @Mutation(() => UpdateOrganizationPayload, { description: 'Changes an organization.' })
  async updateOrganization(
    @Arg('input', () => UpdateOrganizationInput) input: UpdateOrganizationInput,
    @Ctx() context: RequestContext,
  ): Promise<OrganizationPayload> {
    const organization = await this.organizations.update(context, input);
    context.load(organizationById).clear(input.id);
    return { organization };
  }

  @Auth({ permissions: [['delete:organizations']] })
  @Mutation(() => DeleteOrganizationPayload, {
    description: 'Deletes an organization with its memberships and roles. Its users stay.',
  })
  async deleteOrganization(
    @Arg('input', () => DeleteOrganizationInput) { id }: DeleteOrganizationInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    const deletedId = await this.organizations.delete(context, id);
    context.load(organizationById).clear(id);
    return { deletedId };
  }

  @Auth({ permissions: [['create:roles']] })
  @Mutation(() => CreateOrganizationRolePayload, {
    description: 'Creates a role that only members of one organization can have.',
  })
  async createOrganizationRole(
    @Arg('input', () => CreateOrganizationRoleInput) input: CreateOrganizationRoleInput,
    @Ctx() context: RequestContext,
  ): Promise<{ role: RoleRow }> {
    return { role: await this.organizations.createRole(context, input) };
  }
}

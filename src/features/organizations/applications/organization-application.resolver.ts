import { Arg, Ctx, Field, FieldResolver, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { ApplicationType } from '#src/features/applications/application.type';
import {
  GrantApplicationAccessInput,
  RevokeApplicationAccessInput,
} from '#src/features/organizations/applications/organization-application.input';
import { applicationsByOrganization } from '#src/features/organizations/applications/organization-application.loader';
import type { OrganizationApplicationService } from '#src/features/organizations/applications/organization-application.service';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import type { RequestContext } from '#src/graphql/request-context';

@ObjectType()
abstract class ApplicationAccessPayload {
  @Field(() => OrganizationType, { nullable: true, description: 'The organization as it is now.' })
  organization!: OrganizationRow;
}

@ObjectType('GrantApplicationAccessPayload', { description: 'The organization that was given applications.' })
@WithParent()
export class GrantApplicationAccessPayload extends ApplicationAccessPayload {}

@ObjectType('RevokeApplicationAccessPayload', { description: 'The organization that lost applications.' })
@WithParent()
export class RevokeApplicationAccessPayload extends ApplicationAccessPayload {}

@Resolver(() => OrganizationType)
export class OrganizationApplicationsResolver {
  constructor(private readonly access: OrganizationApplicationService) {}

  @Auth({ permissions: [['read:organization_applications']] })
  @FieldResolver(() => [ApplicationType], {
    nullable: true,
    description:
      'Applications that were granted to it, by name; what counts while `appEntitlementActive` is true.',
  })
  applications(
    @Root() { id }: OrganizationRow,
    @Ctx() context: RequestContext,
  ): readonly ApplicationRow[] | Promise<readonly ApplicationRow[]> {
    return context.load(applicationsByOrganization).load(id);
  }

  @Auth({ permissions: [['create:organization_applications']] })
  @Mutation(() => GrantApplicationAccessPayload, {
    description:
      'Lets members of an organization come through applications, and machines act for it. At most `organizations.maxApplications` for people and `organizations.maxMachineApplications` of type MACHINE (LIMIT_EXCEEDED).',
  })
  async grantApplicationAccess(
    @Arg('input', () => GrantApplicationAccessInput) input: GrantApplicationAccessInput,
    @Ctx() context: RequestContext,
  ): Promise<{ organization: OrganizationRow }> {
    return changed(context, await this.access.grant(context, input));
  }

  @Auth({ permissions: [['delete:organization_applications']] })
  @Mutation(() => RevokeApplicationAccessPayload, {
    description: 'Takes applications from an organization, from the next sign-in on.',
  })
  async revokeApplicationAccess(
    @Arg('input', () => RevokeApplicationAccessInput) input: RevokeApplicationAccessInput,
    @Ctx() context: RequestContext,
  ): Promise<{ organization: OrganizationRow }> {
    return changed(context, await this.access.revoke(context, input));
  }
}

/** What an earlier mutation of the same request read of the applications is forgotten. */
function changed(context: RequestContext, organization: OrganizationRow): { organization: OrganizationRow } {
  context.load(applicationsByOrganization).clear(organization.id);
  return { organization };
}

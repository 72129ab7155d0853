import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { verificationHost } from '#src/features/organizations/domains/domain-name';
import {
  CreateOrganizationDomainInput,
  DeleteOrganizationDomainInput,
  UpdateOrganizationDomainInput,
  VerifyOrganizationDomainInput,
} from '#src/features/organizations/domains/domain.input';
import { domainsByOrganization } from '#src/features/organizations/domains/domain.loader';
import type { DomainRow } from '#src/features/organizations/domains/domain.repository';
import type { DomainService, VerifiedDomain } from '#src/features/organizations/domains/domain.service';
import {
  CreateOrganizationDomainPayload,
  DeleteOrganizationDomainPayload,
  DomainConnectionType,
  DomainType,
  UpdateOrganizationDomainPayload,
  VerifyOrganizationDomainPayload,
} from '#src/features/organizations/domains/domain.type';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => OrganizationType)
export class OrganizationDomainsResolver {
  constructor(private readonly service: DomainService) {}

  @Auth({ permissions: [['read:organization_domains']] })
  @FieldResolver(() => DomainConnectionType, { nullable: true, description: 'Its mail domains, by name.' })
  async domains(
    @Root() { id }: OrganizationRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<DomainRow>> {
    const rows = await domainsByOrganization.load(context, id, page, null);
    return toConnection(rows, () => this.service.count(context.store, id));
  }

  @Auth({ permissions: [['create:organization_domains']] })
  @Mutation(() => CreateOrganizationDomainPayload, {
    description: 'Names a mail domain of an organization. It has no effect until the DNS has proven it.',
  })
  async createOrganizationDomain(
    @Arg('input', () => CreateOrganizationDomainInput) input: CreateOrganizationDomainInput,
    @Ctx() context: RequestContext,
  ): Promise<{ domain: DomainRow }> {
    const domain = await this.service.create(context, input);
    domainsByOrganization.forget(context);
    return { domain };
  }

  @Auth({ permissions: [['update:organization_domains']] })
  @Mutation(() => UpdateOrganizationDomainPayload, { description: 'Changes what a domain is used for.' })
  async updateOrganizationDomain(
    @Arg('input', () => UpdateOrganizationDomainInput) input: UpdateOrganizationDomainInput,
    @Ctx() context: RequestContext,
  ): Promise<{ domain: DomainRow }> {
    const domain = await this.service.update(context, input);
    domainsByOrganization.forget(context);
    return { domain };
  }

  @Auth({ permissions: [['update:organization_domains']] })
  @Mutation(() => VerifyOrganizationDomainPayload, {
    description: 'Asks the DNS for the TXT record that proves a domain.',
  })
  async verifyOrganizationDomain(
    @Arg('input', () => VerifyOrganizationDomainInput) { id }: VerifyOrganizationDomainInput,
    @Ctx() context: RequestContext,
  ): Promise<VerifiedDomain> {
    const verified = await this.service.verify(context, id);
    domainsByOrganization.forget(context);
    return verified;
  }

  @Auth({ permissions: [['delete:organization_domains']] })
  @Mutation(() => DeleteOrganizationDomainPayload, { description: 'Removes a domain from its organization.' })
  async deleteOrganizationDomain(
    @Arg('input', () => DeleteOrganizationDomainInput) { id }: DeleteOrganizationDomainInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    const deletedId = await this.service.delete(context, id);
    domainsByOrganization.forget(context);
    return { deletedId };
  }
}

@Resolver(() => DomainType)
export class DomainResolver {
  @Auth({ permissions: [['read:organization_domains']] })
  @FieldResolver(() => String, { nullable: true, description: 'The name that gets the TXT record.' })
  verificationHost(@Root() { domain }: DomainRow): string {
    return verificationHost(domain);
  }
}

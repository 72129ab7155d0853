import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { ConnectionType } from '#src/features/connections/connection.type';
import { verificationHost } from '#src/features/organizations/domains/domain-name';
import type { RequestContext } from '#src/graphql/request-context';
import {
  CreateConnectionDomainInput,
  DeleteConnectionDomainInput,
  VerifyConnectionDomainInput,
} from './connection-domain.input';
import { domainsByConnection } from './connection-domain.loader';
import type { ConnectionDomainRow } from './connection-domain.repository';
import type { CheckedDomain, ConnectionDomainService } from './connection-domain.service';
import {
  ConnectionDomainType,
  CreateConnectionDomainPayload,
  DeleteConnectionDomainPayload,
  VerifyConnectionDomainPayload,
} from './connection-domain.type';

@Resolver(() => ConnectionType)
export class ConnectionDomainsResolver {
  constructor(private readonly service: ConnectionDomainService) {}

  @Auth({ permissions: [['read:connections']] })
  @FieldResolver(() => [ConnectionDomainType], {
    nullable: true,
    description: 'Mail domains whose people sign in here, by name; at most 1,000.',
  })
  domains(
    @Root() { id }: ConnectionRow,
    @Ctx() context: RequestContext,
  ): readonly ConnectionDomainRow[] | Promise<readonly ConnectionDomainRow[]> {
    return context.load(domainsByConnection).load(id);
  }

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => CreateConnectionDomainPayload, {
    description:
      'Names a mail domain whose people sign in through a connection. It has no effect until the DNS has proven it. NOT_FOUND, BAD_USER_INPUT, LIMIT_EXCEEDED, CONFLICT when a connection has the domain.',
  })
  async createConnectionDomain(
    @Arg('input', () => CreateConnectionDomainInput) input: CreateConnectionDomainInput,
    @Ctx() context: RequestContext,
  ): Promise<{ domain: ConnectionDomainRow }> {
    const domain = await this.service.create(context, input);
    context.load(domainsByConnection).clear(domain.connectionId);
    return { domain };
  }

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => VerifyConnectionDomainPayload, {
    description: 'Asks the DNS for the TXT record that proves a domain. NOT_FOUND.',
  })
  async verifyConnectionDomain(
    @Arg('input', () => VerifyConnectionDomainInput) { id }: VerifyConnectionDomainInput,
    @Ctx() context: RequestContext,
  ): Promise<CheckedDomain> {
    const checked = await this.service.verify(context, id);
    context.load(domainsByConnection).clear(checked.domain.connectionId);
    return checked;
  }

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => DeleteConnectionDomainPayload, {
    description: 'Removes a domain from its connection. NOT_FOUND.',
  })
  async deleteConnectionDomain(
    @Arg('input', () => DeleteConnectionDomainInput) { id }: DeleteConnectionDomainInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    const { connectionId } = await this.service.delete(context, id);
    context.load(domainsByConnection).clear(connectionId);
    return { deletedId: id };
  }
}

@Resolver(() => ConnectionDomainType)
export class ConnectionDomainResolver {
  @Auth({ permissions: [['read:connections']] })
  @FieldResolver(() => String, { nullable: true, description: 'The name that gets the TXT record.' })
  verificationHost(@Root() { domain }: ConnectionDomainRow): string {
    return verificationHost(domain);
  }
}

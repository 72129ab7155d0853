import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Public } from '#src/access/decorators';
import type { SignInOrganizationRow } from './sign-in-organization.repository';
import type { SignInOrganizationService } from './sign-in-organization.service';
import { SignInOrganizationType } from './sign-in-organization.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class SignInOrganizationResolver {
  constructor(private readonly organizations: SignInOrganizationService) {}

  @Public()
  @Query(() => [SignInOrganizationType], {
    nullable: true,
    description:
      'For pages that ask for the organization first: those of an e-mail domain that they have proven, or the one of exactly this name; at most 20, none unless the application has PRE_LOGIN_PROMPT. BAD_USER_INPUT for a clue that its `organizationDiscoveryMethods` do not name; TOO_MANY_ATTEMPTS after 100 clues of a network that led nowhere, with one more every 36 seconds.',
  })
  signInOrganizations(
    @Arg('clientId', () => ID, { description: 'The application.' }) clientId: string,
    @Ctx() context: RequestContext,
    @Arg('email', () => String, { nullable: true, description: 'An e-mail address.' }) email?: string | null,
    @Arg('name', () => String, { nullable: true, description: 'Name of an organization.' })
    name?: string | null,
  ): Promise<readonly SignInOrganizationRow[]> {
    return this.organizations.discover(context, clientId, { email, name }, context.http.ip);
  }
}

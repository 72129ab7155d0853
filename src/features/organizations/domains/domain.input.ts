import { Field, ID, InputType } from 'type-graphql';
import type { CreateDomain, UpdateDomain } from '#src/features/organizations/domains/domain.service';

@InputType('CreateOrganizationDomainInput', { description: 'A mail domain of an organization.' })
export class CreateOrganizationDomainInput implements CreateDomain {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => String, { description: 'The part of e-mail addresses behind the "@": `example.com`.' })
  domain!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether sign-in pages find the organization by addresses of this domain; true by default.',
  })
  useForOrganizationDiscovery?: boolean | null;
}

@InputType('UpdateOrganizationDomainInput', { description: 'What changes in a domain.' })
export class UpdateOrganizationDomainInput implements UpdateDomain {
  @Field(() => ID, { description: 'The domain.' })
  id!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether sign-in pages find the organization by addresses of this domain.',
  })
  useForOrganizationDiscovery?: boolean | null;
}

@InputType('VerifyOrganizationDomainInput', { description: 'Which domain to prove.' })
export class VerifyOrganizationDomainInput {
  @Field(() => ID, { description: 'The domain.' })
  id!: string;
}

@InputType('DeleteOrganizationDomainInput', { description: 'Which domain to remove.' })
export class DeleteOrganizationDomainInput {
  @Field(() => ID, { description: 'The domain. Who signed in with an address of it stays a member.' })
  id!: string;
}

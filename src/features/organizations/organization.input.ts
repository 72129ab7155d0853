import { Field, ID, InputType, Int } from 'type-graphql';
import type { CreateOrganization, UpdateOrganization } from './organization.service';
import { ThirdPartyClientAccess } from './organization.type';

@InputType('KeyValueInput', { description: 'A key to set or to remove.' })
export class KeyValueInput {
  @Field(() => String, { description: 'The key: 1 to 255 characters.' })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its value, at most 255 characters; null removes the key.',
  })
  value?: string | null;
}

@InputType('OrganizationColorsInput', { description: 'Both colors of an organization’s pages.' })
export class OrganizationColorsInput {
  @Field(() => String, { nullable: true, description: 'Color of buttons and links: `#1a2b3c`.' })
  primary?: string | null;

  @Field(() => String, { nullable: true, description: 'Color behind the page.' })
  pageBackground?: string | null;
}

@InputType('OrganizationBrandingInput', { description: 'How an organization’s pages look.' })
export class OrganizationBrandingInput {
  @Field(() => String, { nullable: true, description: 'An https URL; null removes the logo.' })
  logoUrl?: string | null;

  @Field(() => OrganizationColorsInput, { nullable: true, description: 'Both colors; null removes them.' })
  colors?: OrganizationColorsInput | null;
}

@InputType('OrganizationTokenQuotaInput', {
  description: 'How many tokens the machines of an organization may get.',
})
export class OrganizationTokenQuotaInput {
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether more are refused (RATE_LIMITED); true by default. False: they are only logged, and noted in the audit record.',
  })
  enforce?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Tokens in an hour; any number by default.' })
  perHour?: number | null;

  @Field(() => Int, { nullable: true, description: 'Tokens in a day; any number by default.' })
  perDay?: number | null;
}

@InputType()
abstract class OrganizationFields {
  @Field(() => String, { nullable: true, description: 'Its name for people: 1 to 255 characters.' })
  displayName?: string | null;

  @Field(() => OrganizationBrandingInput, { nullable: true, description: 'How its pages look.' })
  branding?: OrganizationBrandingInput | null;

  @Field(() => [KeyValueInput], {
    nullable: true,
    description:
      'Metadata to set or remove; keys that are not named stay, null removes all. At most 25 keys.',
  })
  metadata?: KeyValueInput[] | null;

  @Field(() => ThirdPartyClientAccess, {
    nullable: true,
    description: 'Whether applications of others may be used for it; DENY by default.',
  })
  thirdPartyClientAccess?: ThirdPartyClientAccess | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether only applications that were granted to it may be used; false by default.',
  })
  appEntitlementActive?: boolean | null;

  @Field(() => OrganizationTokenQuotaInput, {
    nullable: true,
    description:
      'How many tokens machines may get for it, in an hour, a day or both; null removes the quota. Callers bound to the organization may not change it (FORBIDDEN).',
  })
  tokenQuota?: OrganizationTokenQuotaInput | null;
}

@InputType('CreateOrganizationInput', { description: 'A new organization.' })
export class CreateOrganizationInput extends OrganizationFields implements CreateOrganization {
  @Field(() => String, {
    description: '1 to 50 lower-case letters, digits, "_" and "-"; unique; never begins with org_.',
  })
  name!: string;
}

@InputType('UpdateOrganizationInput', {
  description: 'What changes in an organization; what is left out stays.',
})
export class UpdateOrganizationInput extends OrganizationFields implements UpdateOrganization {
  @Field(() => ID, { description: 'The organization.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The new name. The old one is free for another organization.',
  })
  name?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse with VERSION_CONFLICT when the stored version is another.',
  })
  ifVersion?: number | null;
}

@InputType('DeleteOrganizationInput', { description: 'Which organization to delete.' })
export class DeleteOrganizationInput {
  @Field(() => ID, { description: 'The organization. Its memberships and roles go with it, its users stay.' })
  id!: string;
}

@InputType('CreateOrganizationRoleInput', {
  description: 'A new role that only members of one organization can have.',
})
export class CreateOrganizationRoleInput {
  @Field(() => ID, { description: 'The organization that the role belongs to.' })
  organizationId!: string;

  @Field(() => String, { description: '1 to 50 characters; unique in the organization, whatever the case.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What the role is for; at most 255 characters.' })
  description?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The permissions it begins with, at most 50; none by default.',
  })
  permissionIds?: string[] | null;
}

import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { SignInOrganizationRow } from './sign-in-organization.repository';

@ObjectType('SignInOrganization', { description: 'What a sign-in page shows of an organization.' })
@WithParent()
export class SignInOrganizationType implements SignInOrganizationRow {
  @Field(() => ID, { description: 'For `organizationId` of a sign-in.' })
  id!: string;

  @Field(() => String, { description: 'The unique name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The name that people read.' })
  displayName!: string | null;

  @Field(() => String, { nullable: true, description: 'Address of its logo.' })
  logoUrl!: string | null;

  @Field(() => String, { nullable: true, description: 'Its colour for buttons: `#rrggbb`.' })
  primaryColor!: string | null;

  @Field(() => String, { nullable: true, description: 'Its colour for the background.' })
  pageBackgroundColor!: string | null;
}

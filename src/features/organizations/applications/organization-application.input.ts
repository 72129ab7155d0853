import { Field, ID, InputType } from 'type-graphql';
import type { ApplicationAccess } from '#src/features/organizations/applications/organization-application.service';

@InputType('ApplicationAccessInput', { description: 'Applications of an organization.' })
export class ApplicationAccessInput implements ApplicationAccess {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => [ID], { description: '1 to 50 applications.' })
  applicationIds!: string[];
}

import { Field, ID, InputType } from 'type-graphql';
import type { ApplicationAccess } from '#src/features/organizations/applications/organization-application.service';

@InputType()
abstract class ApplicationAccessInput implements ApplicationAccess {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => [ID], { description: '1 to 50 applications.' })
  applicationIds!: string[];
}

@InputType('GrantApplicationAccessInput', {
  description: 'Applications that members of an organization may use.',
})
export class GrantApplicationAccessInput extends ApplicationAccessInput {}

@InputType('RevokeApplicationAccessInput', { description: 'Applications to take from an organization.' })
export class RevokeApplicationAccessInput extends ApplicationAccessInput {}

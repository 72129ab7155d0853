import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { ApplicationType } from '#src/features/applications/application.type';
import { ConnectionType } from '#src/features/connections/connection.type';
import { OrganizationType } from '#src/features/organizations/organization.type';

export enum MfaPolicyValue {
  NEVER = 'NEVER',
  IF_ENROLLED = 'IF_ENROLLED',
  ALWAYS = 'ALWAYS',
}
registerEnumType(MfaPolicyValue, {
  name: 'MfaPolicy',
  description: 'When a sign-in asks for a second factor.',
  valuesConfig: {
    NEVER: { description: 'It asks for nothing of its own.' },
    IF_ENROLLED: { description: 'Of users who have one.' },
    ALWAYS: { description: 'Of everybody; who has none enrols one during the sign-in.' },
  },
});

@InputType('SetMfaPolicyInput', { description: 'Where, and what is asked for. Name exactly one place.' })
export class SetMfaPolicyInput {
  @Field(() => ID, { nullable: true, description: 'Id of an application.' })
  applicationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of a connection.' })
  connectionId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of an organization.' })
  organizationId?: string | null;

  @Field(() => MfaPolicyValue, { description: 'What it asks for from now on; NEVER: nothing of its own.' })
  policy!: MfaPolicyValue;
}

@ObjectType('SetMfaPolicyPayload', { description: 'The place that was named; the others are null.' })
@WithParent()
export class SetMfaPolicyPayload {
  @Field(() => ApplicationType, { nullable: true, description: 'The application.' })
  application!: object | null;

  @Field(() => ConnectionType, { nullable: true, description: 'The connection.' })
  connection!: object | null;

  @Field(() => OrganizationType, { nullable: true, description: 'The organization.' })
  organization!: object | null;
}

/** The field `mfaPolicy` of whatever has one. */
export const mfaPolicyField = {
  nullable: true,
  description: 'What it asks of second factors; the strictest of all that take part in a sign-in counts.',
} as const;
